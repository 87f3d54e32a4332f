'use client'
import { useSignOut } from '@openward/auth'
import { useCallback } from 'react'
import { useForgetPatient } from './use-forget-patient.ts'

/** Signs out of every portal, after dropping what was fetched. */
export function useLeave(): () => void {
  const signOut = useSignOut()
  const forget = useForgetPatient()
  return useCallback(() => {
    forget()
    void signOut()
  }, [forget, signOut])
}
