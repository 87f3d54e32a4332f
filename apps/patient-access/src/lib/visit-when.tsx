'use client'
import { formatDate, formatDaysAway, formatTimeRange, formatZone, dateAt } from '@openward/ui/format'
import { useLocale } from 'next-intl'

import { useNow } from './use-now.ts'
import type { Visit } from './visit.ts'

/** Day and time of a visit at its site, the zone named: the same for every viewer, wherever they are. */
export function VisitWhen({
  visit,
  isLarge,
}: {
  visit: Pick<Visit, 'startsAt' | 'endsAt' | 'timeZone'>
  isLarge?: boolean
}) {
  const locale = useLocale()
  const { startsAt, endsAt, timeZone } = visit
  const date = dateAt(startsAt, timeZone)
  const away = formatDaysAway(date, dateAt(new Date(useNow()).toISOString(), timeZone), locale)
  return (
    <p>
      <time dateTime={startsAt} className={isLarge ? 'block text-xl font-semibold' : 'font-semibold'}>
        <span className="inline-block first-letter:uppercase">
          {formatDate(date, { locale, style: 'long' })}
          {!isLarge && ','}
        </span>
        {isLarge ? <br /> : ' '}
        <span className="tabular whitespace-nowrap">
          {formatTimeRange(startsAt, endsAt, { locale, timeZone })}
        </span>
      </time>
      <span className="text-ink-soft">
        {isLarge ? '' : ', '}
        <span className="whitespace-nowrap">{formatZone({ locale, timeZone })}</span>
        {away && (
          // On paper it would be wrong tomorrow.
          <span data-print="no">
            {' · '}
            <span className="whitespace-nowrap">{away}</span>
          </span>
        )}
      </span>
    </p>
  )
}
