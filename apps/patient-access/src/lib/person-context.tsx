'use client'
import type { Route } from 'next'
import { createContext, type ReactNode, use, useCallback } from 'react'

import { personPath } from './paths.ts'
import type { Person } from './people.queries.ts'

type Current = { person: Person; isOther: boolean; hasOthers: boolean }

const PersonContext = createContext<Current | null>(null)

export function PersonProvider({ value, children }: { value: Current; children: ReactNode }) {
  return <PersonContext value={value}>{children}</PersonContext>
}

/** The person this screen is about; taken from its address, so each tab keeps its own. */
export function usePerson(): Current {
  const current = use(PersonContext)
  if (!current) throw new Error('usePerson must be used below a person page')
  return current
}

/** Makes addresses that stay with the person this screen is about. */
export function usePersonPath(): (path?: `/${string}`) => Route {
  const { person } = usePerson()
  return useCallback((path: `/${string}` = '/home') => personPath(person.patientId, path), [person.patientId])
}
