'use client'
import type { Route } from 'next'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'

import { type PickState, readPickState, writePickState } from './pick-state.ts'

/** The state of the picker, kept in the address. A change of day or filter is a step that "back" undoes; paging is not. */
export function usePickState() {
  const parameters = useSearchParams()
  const pathname = usePathname()
  const router = useRouter()
  const state = useMemo(() => readPickState(parameters), [parameters])
  const change = useCallback(
    (part: Partial<PickState>, isStep = true) => {
      const query = writePickState({ ...readPickState(parameters), ...part })
      const address = (query === '' ? pathname : `${pathname}?${query}`) as Route
      if (isStep) router.push(address, { scroll: false })
      else router.replace(address, { scroll: false })
    },
    [parameters, pathname, router],
  )
  return { state, change }
}
