'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Card } from '@openward/ui/card'
import { LinkButton } from '@openward/ui/link-button'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'

import { AddToCalendar } from '#/lib/add-to-calendar.tsx'
import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { PrintButton } from '#/lib/print-button.tsx'
import { useNow } from '#/lib/use-now.ts'
import { type Visit, visitState } from '#/lib/visit.ts'
import { VisitFacts } from '#/lib/visit-facts.tsx'
import { VisitStateTag } from '#/lib/visit-state-tag.tsx'
import { VisitWhen } from '#/lib/visit-when.tsx'
import { visitQueries } from '#/lib/visits.queries.ts'

function SeriesVisits({ visit }: { visit: Visit }) {
  const t = useTranslations('booked')
  const fhir = useFhirClient()
  const { person } = usePerson()
  const path = usePersonPath()
  const { data } = useQuery(visitQueries.coming(fhir, person.patientId))
  const series = (data ?? []).filter((one) => one.seriesId === visit.seriesId)
  if (series.length < 2) return null
  return (
    <Card title={t('series', { count: series.length })}>
      <ul className="divide-y divide-line print:columns-2 print:divide-y-0">
        {series.map((one) => (
          <li key={one.id} className="py-2 print:py-0.5">
            <NextLink
              href={path(`/visits/${one.id}`)}
              className="block rounded-sm text-action hover:underline"
            >
              <VisitWhen visit={one} />
            </NextLink>
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** Says exactly what is stored, read back from the record after booking. */
export function Booked({ visitId }: { visitId: string }) {
  const t = useTranslations('booked')
  const fhir = useFhirClient()
  const { person, isOther } = usePerson()
  const path = usePersonPath()
  const query = useSearchParams()
  const moved = Number(query.get('moved') ?? 0)
  const count = moved || Number(query.get('count') ?? 1)
  const now = useNow()
  const visit = useQuery(visitQueries.one(fhir, person.patientId, visitId))
  if (visit.isError)
    return (
      <>
        <PageHeading>{t('unknown')}</PageHeading>
        <QueryError error={visit.error} onRetry={visit.refetch} isRetrying={visit.isFetching} />
      </>
    )
  if (visit.isPending)
    return (
      <>
        <PageHeading>{t('reading')}</PageHeading>
        <Skeleton shape="card" count={2} label={t('reading')} />
      </>
    )
  const state = visitState(visit.data, now)
  const title =
    state !== 'booked'
      ? t(`title.${state}`)
      : t(moved > 0 ? 'title.moved' : isOther ? 'title.bookedFor' : 'title.booked', {
          name: person.name,
          count,
        })
  return (
    <>
      <PageHeading focusKey={state} lead={state === 'booked' ? t('lead') : undefined}>
        {title}
      </PageHeading>
      <div className="grid max-w-column gap-6">
        <Card isProminent>
          <div className="mb-4 border-b border-line pb-4">
            <VisitStateTag visit={visit.data} now={now} />
            <div className="mt-2">
              <VisitWhen visit={visit.data} isLarge />
            </div>
          </div>
          <VisitFacts visit={visit.data} personName={person.name} hasWhenAbove />
        </Card>
        {visit.data.seriesId && <SeriesVisits visit={visit.data} />}
        <div data-print="no" className="flex flex-wrap gap-3">
          <AddToCalendar visitId={visitId} />
          <PrintButton />
          <LinkButton as={NextLink} href={path('/visits')} variant="secondary">
            {t('allVisits')}
          </LinkButton>
        </div>
        <p className="text-ink-soft">{t('changeLater')}</p>
      </div>
    </>
  )
}
