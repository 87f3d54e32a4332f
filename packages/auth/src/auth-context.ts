import { createContext, type RefObject, useContext } from 'react'
import type { AuthClient } from './msal.ts'

export type AuthState = {
  client: AuthClient
  beforeRedirect: RefObject<(() => void | Promise<void>) | undefined>
}

export const AuthContext = createContext<AuthState | null>(null)

export function useAuthState(): AuthState {
  const state = useContext(AuthContext)
  if (!state) throw new Error('This must be used below <AuthProvider>')
  return state
}
