'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { EmptyState } from '@openward/ui/empty-state'
import { Skeleton } from '@openward/ui/skeleton'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'

import { usePerson } from '#/lib/person-context.tsx'
import { useNow } from '#/lib/use-now.ts'
import { visitState } from '#/lib/visit.ts'
import { VisitCard } from '#/lib/visit-card.tsx'
import { visitQueries } from '#/lib/visits.queries.ts'

function Loading() {
  const t = useTranslations('visits')
  return <Skeleton shape="card" count={3} label={t('loading')} />
}

/** What is ahead: holds first, since their time is running. */
export function ComingVisits() {
  const t = useTranslations('visits')
  const fhir = useFhirClient()
  const { person } = usePerson()
  const now = useNow()
  const visits = useQuery(visitQueries.coming(fhir, person.patientId))
  if (visits.isPending) return <Loading />
  if (visits.isError)
    return <QueryError error={visits.error} onRetry={visits.refetch} isRetrying={visits.isFetching} />
  const shown = visits.data.filter((visit) => visitState(visit, now) !== 'hold-expired')
  const held = shown.filter((visit) => visitState(visit, now) === 'held')
  const others = shown.filter((visit) => visitState(visit, now) !== 'held')
  if (shown.length === 0) return <EmptyState title={t('noneComing')}>{t('noneComingBody')}</EmptyState>
  return (
    <ul className="grid gap-3 print:grid-cols-2 print:gap-2">
      {[...held, ...others].map((visit) => (
        <li key={visit.id}>
          <VisitCard visit={visit} now={now} level={2} />
        </li>
      ))}
    </ul>
  )
}

/** What was, newest first, a page at a time. */
export function EarlierVisits({ kind }: { kind: 'past' | 'cancelled' }) {
  const t = useTranslations('visits')
  const fhir = useFhirClient()
  const { person } = usePerson()
  const now = useNow()
  const visits = useInfiniteQuery(
    kind === 'past'
      ? visitQueries.past(fhir, person.patientId)
      : visitQueries.cancelled(fhir, person.patientId),
  )
  if (visits.isPending) return <Loading />
  if (visits.isError)
    return <QueryError error={visits.error} onRetry={visits.refetch} isRetrying={visits.isFetching} />
  const shown = visits.data.pages
    .flatMap((page) => page.visits)
    .filter((visit) =>
      kind === 'past' ? Date.parse(visit.endsAt) <= now : visitState(visit, now) === 'cancelled',
    )
  return (
    <>
      {shown.length === 0 && !visits.hasNextPage ? (
        <EmptyState title={t(kind === 'past' ? 'nonePast' : 'noneCancelled')}>
          {t(kind === 'past' ? 'nonePastBody' : 'noneCancelledBody')}
        </EmptyState>
      ) : (
        <ul className="grid gap-3 print:grid-cols-2 print:gap-2">
          {shown.map((visit) => (
            <li key={visit.id}>
              <VisitCard visit={visit} now={now} level={2} />
            </li>
          ))}
        </ul>
      )}
      {visits.hasNextPage && (
        <div data-print="no" className="mt-5">
          <Button
            variant="secondary"
            onPress={() => void visits.fetchNextPage()}
            isPending={visits.isFetchingNextPage}
          >
            {t('more')}
          </Button>
        </div>
      )}
    </>
  )
}
