'use client'
import { useCaller } from '@openward/auth'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { EmptyState } from '@openward/ui/empty-state'
import { dateAt, formatDate } from '@openward/ui/format'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { type HomeVisit, homeVisitsFrom } from './home-visit.ts'
import { todayQueries, type Whose } from './today.queries.ts'
import { VisitRow } from './visit-row.tsx'

/** Whose visits a role sees here; nothing for roles that have no part in home visits. */
export function whoseFor(roles: readonly string[]): Whose | undefined {
  if (roles.includes('scheduler') || roles.includes('supervisor')) return 'everybody'
  return roles.includes('home-clinician') ? 'mine' : undefined
}

const DAYS = ['today', 'tomorrow'] as const

type DayProps = { day: (typeof DAYS)[number]; visits: readonly HomeVisit[]; whose: Whose }

/** One day's visits; a day without any says so, tomorrow in one line. */
function Day({ day, visits, whose }: DayProps) {
  const t = useTranslations('today')
  const locale = useLocale()
  const [first] = visits
  const done = visits.filter(({ state }) => state === 'fulfilled').length
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">
        {first
          ? t(`${day}On`, {
              date: formatDate(dateAt(first.startsAt, first.timeZone), { locale, style: 'long' }),
            })
          : t(`${day}Heading`)}
      </h2>
      {first ? (
        <>
          <p className="text-ink-soft">{t('count', { count: visits.length, done })}</p>
          <ol className="divide-y divide-line rounded-lg border border-line bg-surface-raised">
            {visits.map((visit) => (
              <VisitRow key={visit.id} visit={visit} showsClinician={whose === 'everybody'} />
            ))}
          </ol>
        </>
      ) : day === 'today' ? (
        <EmptyState title={t('emptyTitle')}>{t(whose === 'mine' ? 'emptyMine' : 'emptyAll')}</EmptyState>
      ) : (
        <p className="text-ink-soft">{t('emptyTomorrow')}</p>
      )}
    </section>
  )
}

function Visits({ whose }: { whose: Whose }) {
  const fhir = useFhirClient()
  const t = useTranslations('today')
  const locale = useLocale()
  const { data, error, refetch, isFetching } = useQuery(todayQueries.visits(fhir, whose))
  if (error && !data) return <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />
  if (!data) return <Skeleton shape="card" count={4} label={t('loading')} />
  const visits = homeVisitsFrom(data.visits, data, { now: data.now, locale })
  return (
    <div className="grid gap-6">
      {error && <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />}
      {DAYS.map((day) => (
        <Day key={day} day={day} visits={visits.filter((visit) => visit.day === day)} whose={whose} />
      ))}
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
