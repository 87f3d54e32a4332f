'use client'
import { useCaller } from '@openward/auth'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { EmptyState } from '@openward/ui/empty-state'
import { dateAt, formatDate } from '@openward/ui/format'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { homeVisitsFrom } from './home-visit.ts'
import { todayQueries, type Whose } from './today.queries.ts'
import { VisitRow } from './visit-row.tsx'

/** Whose visits a role sees here; nothing for roles that have no part in home visits. */
export function whoseFor(roles: readonly string[]): Whose | undefined {
  if (roles.includes('scheduler') || roles.includes('supervisor')) return 'everybody'
  return roles.includes('home-clinician') ? 'mine' : undefined
}

function Visits({ whose }: { whose: Whose }) {
  const fhir = useFhirClient()
  const t = useTranslations('today')
  const locale = useLocale()
  const { data, error, refetch, isFetching } = useQuery(todayQueries.visits(fhir, whose))
  if (error && !data) return <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />
  if (!data) return <Skeleton shape="card" count={4} label={t('loading')} />
  const visits = homeVisitsFrom(data.visits, data, { now: data.now, locale })
  const [first] = visits
  if (!first)
    return <EmptyState title={t('emptyTitle')}>{t(whose === 'mine' ? 'emptyMine' : 'emptyAll')}</EmptyState>
  const done = visits.filter(({ state }) => state === 'fulfilled').length
  return (
    <div className="grid gap-3">
      {error && <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />}
      <p role="status">
        <span className="font-semibold">
          {formatDate(dateAt(data.now, first.timeZone), { locale, style: 'long' })}
        </span>
        <span className="text-ink-soft"> · {t('count', { count: visits.length, done })}</span>
      </p>
      <ol className="divide-y divide-line rounded-lg border border-line bg-surface-raised">
        {visits.map((visit) => (
          <VisitRow key={visit.id} visit={visit} showsClinician={whose === 'everybody'} />
        ))}
      </ol>
    </div>
  )
}

/** Today's home visits for those who make or plan them; for everyone else, why there are none and whom to ask. */
export function TodayList() {
  const t = useTranslations('today')
  const whose = whoseFor(useCaller().roles)
  if (whose) return <Visits whose={whose} />
  return <EmptyState title={t('notYoursTitle')}>{t('notYours')}</EmptyState>
}
