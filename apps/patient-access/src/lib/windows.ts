import { Temporal } from 'temporal-polyfill'

/** A span to search, as instants; `end` is not in it. */
export type Window = { start: string; end: string }

/** Days of a search at most, the limit of `$find`. */
export const MOST_DAYS = 91

function startOfDay(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime({ timeZone }).epochMilliseconds
}

function spanOf(first: Temporal.PlainDate, after: Temporal.PlainDate, zones: readonly string[]): Window {
  const starts = zones.map((zone) => startOfDay(first, zone))
  const ends = zones.map((zone) => startOfDay(after, zone))
  return {
    start: new Date(Math.min(...starts)).toISOString(),
    end: new Date(Math.max(...ends)).toISOString(),
  }
}

/** The whole calendar day at every one of the sites, wherever the viewer is. */
export function dayWindow(date: string, zones: readonly string[]): Window {
  const day = Temporal.PlainDate.from(date)
  return spanOf(day, day.add({ days: 1 }), zones)
}

/** The whole month (`YYYY-MM`) at every one of the sites. */
export function monthWindow(month: string, zones: readonly string[]): Window {
  const first = Temporal.PlainDate.from(`${month}-01`)
  return spanOf(first, first.add({ months: 1 }), zones)
}

/** From now as far as can be booked. */
export function wholeWindow(now: number, horizonDays: number): Window {
  const days = Math.min(horizonDays + 1, MOST_DAYS)
  return { start: new Date(now).toISOString(), end: new Date(now + days * 86_400_000).toISOString() }
}

/** Today at a place. */
export function todayAt(timeZone: string, now: number): string {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** The month after or before, `YYYY-MM`. */
export function addMonths(month: string, months: number): string {
  return Temporal.PlainYearMonth.from(month).add({ months }).toString()
}
