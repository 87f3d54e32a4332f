'use client'
import { useMsal } from '@azure/msal-react'
import { useCallback, useMemo } from 'react'
import { useAuthState } from './auth-context.ts'
import { callerOf, type Caller } from './caller.ts'

/** Who is signed in, for greeting and for choosing what to show. Throws outside `<RequireSignIn>`. */
export function useCaller(): Caller {
  const { instance, accounts } = useMsal()
  const account = instance.getActiveAccount() ?? accounts[0]
  const caller = useMemo(() => (account ? callerOf(account) : undefined), [account])
  if (!caller) throw new Error('useCaller must be used below <RequireSignIn>')
  return caller
}

/** Whether someone is signed in; for screens that anyone may see. */
export function useIsSignedIn(): boolean {
  return useMsal().accounts.length > 0
}

/**
 * A function for the API's access token, renewed silently when it is about to run out; the function itself never
 * changes. Throws `SignInError`; with `interaction-required` the page is already leaving to sign in again.
 */
export function useToken(): (forceRefresh?: boolean) => Promise<string> {
  const { client, beforeRedirect } = useAuthState()
  return useCallback(
    (forceRefresh = false) => client.getToken(forceRefresh, async () => beforeRedirect.current?.()),
    [client, beforeRedirect],
  )
}

/** A function that signs out of every portal and leaves the page. */
export function useSignOut(): () => Promise<void> {
  const { client } = useAuthState()
  return client.signOut
}
