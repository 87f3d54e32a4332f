'use client'
import type { Closure, Site } from '@openward/scheduling'
import { dateAt, formatDate } from '@openward/ui/format'
import { useLocale, useTranslations } from 'next-intl'

/** Closures that are not over yet at the site, soonest first. */
export function closuresAhead(closures: readonly Closure[], today: string): Closure[] {
  return closures
    .filter(({ endDate }) => endDate >= today)
    .toSorted((a, b) => a.startDate.localeCompare(b.startDate))
}

/** Today's date at a place; in UTC when the zone is not known. */
export function todayAt(timeZone: string, now = new Date()): string {
  try {
    return dateAt(now.toISOString(), timeZone)
  } catch (error) {
    if (error instanceof RangeError) return now.toISOString().slice(0, 10)
    throw error
  }
}

/** The days of a closure in words: "Tue 3 Mar", "Tue 3 Mar to Fri 6 Mar". */
export function useClosureDays(): (closure: Closure) => string {
  const t = useTranslations('closures')
  const locale = useLocale()
  return ({ startDate, endDate }) => {
    const from = formatDate(startDate, { locale })
    return startDate === endDate ? from : t('days', { from, to: formatDate(endDate, { locale }) })
  }
}

/** The next closure of a site with its reason, or that none is planned. */
export function useClosureWords(): (site: Site) => string {
  const t = useTranslations('closures')
  const days = useClosureDays()
  return (site) => {
    const next = closuresAhead(site.closures, todayAt(site.timeZone))[0]
    if (!next) return t('nonePlanned')
    return next.reason ? `${days(next)} · ${next.reason}` : days(next)
  }
}
