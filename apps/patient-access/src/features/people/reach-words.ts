'use client'
import { useTranslations } from 'next-intl'

import { type Person, reachOf } from '#/lib/people.queries.ts'

/** What the permission for someone reaches, in words: "You can book visits, not see the record". */
export function useReachWords(): (person: Person) => string {
  const t = useTranslations('people.reach')
  return (person) => t(reachOf(person))
}
