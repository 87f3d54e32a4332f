'use client'
import type { Location } from '@medplum/fhirtypes'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { formatDate, formatZone } from '@openward/ui/format'
import { Skeleton } from '@openward/ui/skeleton'
import { TimeList } from '@openward/ui/time-list'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'

import type { Clinician } from '#/lib/directory.queries.ts'
import { useNames } from '#/lib/use-names.ts'

import { onePerTime, type Opening } from '#/lib/opening.ts'
import { openingQueries, type Wanted } from '#/lib/openings.queries.ts'

export type DayTimesProps = {
  wanted: Wanted
  date: string
  zones: readonly string[]
  sites: readonly Location[]
  clinicians: readonly Clinician[]
  pendingId: string | undefined
  onSelect: (opening: Opening) => void
  /** The level of the day's heading is 2; in the list of days the day is said already. */
  hasHeading: boolean
}

/** Every time of one day, grouped by site: each site keeps its own clock. */
export function DayTimes(props: DayTimesProps) {
  const t = useTranslations('pickTime')
  const locale = useLocale()
  const fhir = useFhirClient()
  const names = useNames()
  const found = useQuery(openingQueries.day(fhir, props.wanted, props.date, props.zones))
  const heading = props.hasHeading && (
    <h2 className="mb-4 text-lg first-letter:uppercase">
      {formatDate(props.date, { locale, style: 'long' })}
    </h2>
  )
  if (found.isPending)
    return (
      <>
        {heading}
        <Skeleton shape="row" count={4} label={t('loadingTimes')} />
      </>
    )
  if (found.isError)
    return <QueryError error={found.error} onRetry={found.refetch} isRetrying={found.isFetching} />
  const { openings } = found.data
  const siteIds = [...new Set(openings.map(({ visit }) => visit.siteId))]
  const bySite = siteIds.map((siteId) => ({
    site: props.sites.find(({ id }) => id === siteId),
    times: onePerTime(openings.filter(({ visit }) => visit.siteId === siteId)),
  }))
  const nameOf = (id: string | undefined) =>
    names.clinician(props.clinicians.find((clinician) => clinician.id === id)?.practitioner)
  const hasModes = new Set(openings.map(({ visit }) => visit.mode)).size > 1
  if (openings.length === 0)
    return (
      <>
        {heading}
        <output className="block">{t('dayIsFull')}</output>
      </>
    )
  return (
    <>
      {heading}
      <div className="grid gap-8">
        {bySite.map(({ site, times }) => {
          const timeZone = times[0]?.opening.visit.timeZone ?? 'UTC'
          return (
            <div key={site?.id ?? 'elsewhere'}>
              <p className="mb-3 text-ink-soft">
                {siteIds.length > 1 && <span className="font-semibold text-ink">{site?.name}: </span>}
                {t('inZone', { zone: formatZone({ locale, timeZone }) })}
              </p>
              <TimeList
                locale={locale}
                timeZone={timeZone}
                pending={props.pendingId}
                selected={props.pendingId}
                options={times.map(({ opening, others }) => ({
                  id: opening.id,
                  startsAt: opening.visit.startsAt,
                  detail: [
                    others > 0
                      ? t('orOthers', { name: nameOf(opening.visit.clinicianId), count: others })
                      : nameOf(opening.visit.clinicianId),
                    hasModes && opening.visit.mode && t(`mode.${opening.visit.mode}`),
                  ]
                    .filter(Boolean)
                    .join(', '),
                }))}
                onSelect={(id) => {
                  const chosen = times.find(({ opening }) => opening.id === id)
                  if (chosen) props.onSelect(chosen.opening)
                }}
              />
            </div>
          )
        })}
      </div>
    </>
  )
}
