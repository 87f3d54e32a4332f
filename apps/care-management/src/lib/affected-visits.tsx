'use client'
import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { formatDateTime } from '@openward/ui/format'
import { Notice } from '@openward/ui/notice'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { affectedVisitsQueries, type ClosedSpan } from './affected-visits.queries.ts'
import { useDirectoryNames } from './use-directory-names.ts'

const SHOWN = 8

function VisitLine({
  visit,
  nameOf,
}: {
  visit: Appointment
  nameOf: (reference: string | undefined) => string
}) {
  const locale = useLocale()
  const timeZone = getExtension(visit, EXTENSION.timeZone)?.valueCode ?? 'UTC'
  const actor = (type: string) =>
    visit.participant.find((one) => one.actor?.reference?.startsWith(`${type}/`))?.actor?.reference
  const service = nameOf(actor('HealthcareService')) || (visit.serviceType?.[0]?.text ?? '')
  const parts = [service, nameOf(actor('Practitioner'))].filter((part) => part !== '')
  return (
    <li>
      <span className="font-semibold">{formatDateTime(visit.start ?? '', { locale, timeZone })}</span>
      <span className="block text-ink-soft">{parts.join(' · ')}</span>
    </li>
  )
}

/** The booked visits that a closure or leave would fall on: nothing is cancelled by itself, so somebody has to act. */
export function AffectedVisits({ span, hasHappened = false }: { span: ClosedSpan; hasHappened?: boolean }) {
  const fhir = useFhirClient()
  const t = useTranslations('affected')
  const nameOf = useDirectoryNames()
  const [isWhole, setIsWhole] = useState(false)
  const { data, error, refetch, isFetching } = useQuery(affectedVisitsQueries.during(fhir, span))
  if (error) return <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />
  if (!data) return <Skeleton shape="row" count={2} label={t('loading')} />
  const count = data.visits.length
  if (count === 0) return <Notice tone="done" title={t('none')} isLive />
  return (
    <Notice tone="attention" title={t(data.hasMore ? 'countMore' : 'count', { count })} isLive>
      <p>{t(hasHappened ? 'after' : 'before')}</p>
      <ul className="mt-3 grid gap-2">
        {data.visits.slice(0, isWhole ? count : SHOWN).map((visit) => (
          <VisitLine key={visit.id} visit={visit} nameOf={nameOf} />
        ))}
      </ul>
      {count > SHOWN && !isWhole && (
        <div className="mt-2">
          <Button variant="quiet" size="small" onPress={() => setIsWhole(true)}>
            {t('showAll', { count })}
          </Button>
        </div>
      )}
    </Notice>
  )
}
