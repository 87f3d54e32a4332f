'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { EmptyState } from '@openward/ui/empty-state'
import { Link } from '@openward/ui/link'
import { LinkButton } from '@openward/ui/link-button'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { useNow } from '#/lib/use-now.ts'
import { visitState } from '#/lib/visit.ts'
import { VisitCard } from '#/lib/visit-card.tsx'
import { visitQueries } from '#/lib/visits.queries.ts'

import { HeldTime } from './held-time.tsx'
import { NextVisit } from './next-visit.tsx'
import { Shortcuts } from './shortcuts.tsx'

const MOST_SHOWN = 3

/** The start of a person's screens: a time that is held, the next visit, and the ways on. */
export function Home() {
  const t = useTranslations('home')
  const fhir = useFhirClient()
  const { person, isOther } = usePerson()
  const path = usePersonPath()
  const visits = useQuery(visitQueries.coming(fhir, person.patientId))
  const now = useNow()
  const held = visits.data?.find((visit) => visitState(visit, now) === 'held')
  const coming = (visits.data ?? []).filter((visit) => {
    const state = visitState(visit, now)
    return state !== 'held' && state !== 'hold-expired'
  })
  const [next, ...later] = coming
  return (
    <>
      <PageHeading>{isOther ? t('titleOf', { name: person.name }) : t('title')}</PageHeading>
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,40rem)_minmax(0,1fr)] lg:gap-x-12">
        <div className="grid gap-8">
          {held && <HeldTime hold={held} onExpire={() => void visits.refetch()} />}
          {visits.isError ? (
            <QueryError error={visits.error} onRetry={visits.refetch} isRetrying={visits.isFetching} />
          ) : visits.isPending ? (
            <Skeleton shape="card" count={1} label={t('loading')} />
          ) : next ? (
            <NextVisit visit={next} now={now} />
          ) : (
            <EmptyState
              title={t('noVisit')}
              action={
                <LinkButton as={NextLink} href={path('/care')}>
                  {t('book')}
                </LinkButton>
              }
            >
              {t('noVisitBody')}
            </EmptyState>
          )}
          {later.length > 0 && (
            <section aria-labelledby="later">
              <h2 id="later" className="mb-3 text-xl">
                {t('later')}
              </h2>
              <ul className="grid gap-3">
                {later.slice(0, MOST_SHOWN).map((visit) => (
                  <li key={visit.id}>
                    <VisitCard visit={visit} now={now} />
                  </li>
                ))}
              </ul>
              {later.length > MOST_SHOWN && (
                <p className="mt-3">
                  <Link as={NextLink} href={path('/visits')}>
                    {t('allComing', { count: coming.length })}
                  </Link>
                </p>
              )}
            </section>
          )}
        </div>
        <Shortcuts />
      </div>
    </>
  )
}
