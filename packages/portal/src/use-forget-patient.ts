'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'

/** Drops everything fetched so far. Call it before showing another person's screens: nothing of the last one may remain. */
export function useForgetPatient(): () => void {
  const queryClient = useQueryClient()
  return useCallback(() => {
    void queryClient.cancelQueries()
    queryClient.clear()
  }, [queryClient])
}
