import { MINUTE_MS, DAY_MS, offsetAt } from './zone.ts'

export type PartOfDay = 'morning' | 'afternoon' | 'evening'

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

/** The calendar date there, `YYYY-MM-DD`. */
export function localDate(instantMs: number, timeZone: string): string {
  return new Date(instantMs + offsetAt(instantMs, timeZone)).toISOString().slice(0, 10)
}

/** The instant as FHIR writes it, with the offset that holds there and then: `2027-03-14T09:00:00-04:00`. */
export function toInstantWithOffset(instantMs: number, timeZone: string): string {
  const offsetMs = offsetAt(instantMs, timeZone)
  const minutes = Math.abs(offsetMs) / MINUTE_MS
  const sign = offsetMs < 0 ? '-' : '+'
  const wall = new Date(instantMs + offsetMs).toISOString().slice(0, 19)
  return `${wall}${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
}

/** Morning until 12:00, afternoon until 17:00, evening after, by the clock at the site. */
export function partOfDay(instantMs: number, timeZone: string): PartOfDay {
  const wallMs = instantMs + offsetAt(instantMs, timeZone)
  const hour = (wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS) / (60 * MINUTE_MS)
  if (hour < 12) return 'morning'
  return hour < 17 ? 'afternoon' : 'evening'
}

/** Midnight of a calendar date as wall milliseconds (the local clock as if UTC); undefined when there is no such date. */
export function wallOfDate(date: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return undefined
  const wallMs = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(wallMs) && new Date(wallMs).toISOString().startsWith(date) ? wallMs : undefined
}

/**
 * Completed years on a date (`YYYY-MM-DD`). Born on 29 February means a birthday on 1 March in common years.
 * A birth date known only to the year or month counts from its first day. NaN when either is not a date.
 */
export function ageOn(birthDate: string, date: string): number {
  const born = /^\d{4}$/.test(birthDate)
    ? `${birthDate}-01-01`
    : /^\d{4}-\d\d$/.test(birthDate)
      ? `${birthDate}-01`
      : birthDate
  if (wallOfDate(born) === undefined || wallOfDate(date) === undefined) return Number.NaN
  const years = Number(date.slice(0, 4)) - Number(born.slice(0, 4))
  return date.slice(5) < born.slice(5) ? years - 1 : years
}
