'use client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { formatDateTime } from '@openward/ui/format'
import { Notice } from '@openward/ui/notice'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'

import { usePerson } from '#/lib/person-context.tsx'
import { useNow } from '#/lib/use-now.ts'
import { isChangeable } from '#/lib/visit.ts'
import { visitQueries } from '#/lib/visits.queries.ts'

/** Which visit is being moved: its time stays until the new one is confirmed. */
export function MovedVisit({ visitId }: { visitId: string }) {
  const t = useTranslations('pickTime.moving')
  const locale = useLocale()
  const fhir = useFhirClient()
  const { person } = usePerson()
  const now = useNow()
  const { data: visit } = useQuery(visitQueries.one(fhir, person.patientId, visitId))
  if (!visit) return null
  const when = formatDateTime(visit.startsAt, { locale, timeZone: visit.timeZone, style: 'long' })
  if (!isChangeable(visit, now)) return <Notice tone="attention" title={t('notMovable')} />
  return (
    <Notice title={t('title', { when })}>
      <p>{t('body')}</p>
      {visit.seriesId && <p>{t('series')}</p>}
    </Notice>
  )
}
