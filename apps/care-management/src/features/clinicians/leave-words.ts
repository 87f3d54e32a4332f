'use client'
import type { Slot } from '@medplum/fhirtypes'
import { dateAt, formatDate, formatTime, formatTimeRange, formatZone } from '@openward/ui/format'
import { useLocale, useTranslations } from 'next-intl'
import { startOfDate } from '#/lib/date-span.ts'

function isMidnight(instant: string, timeZone: string): boolean {
  return startOfDate(dateAt(instant, timeZone), timeZone) === new Date(instant).toISOString()
}

/** When leave is, at the clinician's site: whole days as days, else with times and the zone. */
export function useLeaveWords(timeZone: string): (slot: Pick<Slot, 'start' | 'end'>) => string {
  const t = useTranslations('leave')
  const locale = useLocale()
  return ({ start, end }) => {
    const lastMoment = new Date(Date.parse(end) - 1).toISOString()
    const [from, to] = [dateAt(start, timeZone), dateAt(lastMoment, timeZone)]
    if (isMidnight(start, timeZone) && isMidnight(end, timeZone)) {
      const first = formatDate(from, { locale })
      return from === to ? first : t('days', { from: first, to: formatDate(to, { locale }) })
    }
    const zone = formatZone({ locale, timeZone })
    if (from === to)
      return `${formatDate(from, { locale })}, ${formatTimeRange(start, end, { locale, timeZone })}, ${zone}`
    const moment = (instant: string) =>
      `${formatDate(dateAt(instant, timeZone), { locale })}, ${formatTime(instant, { locale, timeZone })}`
    return `${t('days', { from: moment(start), to: moment(end) })}, ${zone}`
  }
}
