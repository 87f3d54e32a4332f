'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { formatBirthDate, formatDate } from '@openward/ui/format'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight, UserRound } from 'lucide-react'
import NextLink from 'next/link'
import { useLocale, useTranslations } from 'next-intl'

import { personPath } from '#/lib/paths.ts'
import { peopleQueries } from '#/lib/people.queries.ts'

import { useReachWords } from './reach-words.ts'

/** Everyone the signed-in person may act for, with the limits of each permission. */
export function PeopleList({ currentId, to }: { currentId: string | undefined; to: `/${string}` }) {
  const t = useTranslations('people')
  const locale = useLocale()
  const fhir = useFhirClient()
  const reach = useReachWords()
  const me = useQuery(peopleQueries.me(fhir))
  if (me.isError) return <QueryError error={me.error} onRetry={me.refetch} isRetrying={me.isFetching} />
  if (me.isPending) return <Skeleton shape="card" count={2} label={t('loading')} />
  return (
    <ul className="grid gap-3">
      {me.data.people.map((person) => {
        const isSelf = person.relationship === 'self'
        const isCurrent = person.patientId === currentId
        return (
          <li
            key={person.patientId}
            className={`relative flex items-center gap-4 rounded-lg border bg-surface-raised p-4 transition-colors hover:border-action ${isCurrent ? 'border-action' : 'border-line'}`}
          >
            <UserRound aria-hidden className="size-6 shrink-0 text-action" />
            <div className="min-w-0 flex-1">
              <h2 className="text-lg">
                <NextLink
                  href={personPath(person.patientId, to)}
                  aria-current={isCurrent ? 'true' : undefined}
                  className="rounded-sm text-ink no-underline after:absolute after:inset-0 after:rounded-lg"
                >
                  <bdi dir="auto">{person.name}</bdi>
                  {isSelf && <span className="font-normal text-ink-soft"> ({t('you')})</span>}
                </NextLink>
              </h2>
              <p className="text-sm text-ink-soft">
                {[
                  person.ageYears === undefined ? '' : t('age', { age: person.ageYears }),
                  person.birthDate ? t('born', { date: formatBirthDate(person.birthDate, locale) }) : '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              {!isSelf && <p className="text-sm text-ink-soft">{reach(person)}</p>}
              {person.until && (
                <p className="text-sm text-attention">
                  {t('until', { date: formatDate(person.until, { locale, style: 'long' }) })}
                </p>
              )}
              {isCurrent && <p className="text-sm font-semibold text-action">{t('current')}</p>}
            </div>
            <ChevronRight aria-hidden className="size-5 shrink-0 text-ink-soft" />
          </li>
        )
      })}
    </ul>
  )
}
