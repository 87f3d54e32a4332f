import type { Period } from '@medplum/fhirtypes'

/** A moment, and the date that stands for it where only dates are known. */
export type Moment = { nowMs: number; today: string }

/** Length of `2026-12-31`; what is longer is a moment of its own. */
const DATE = 10

function hasBegun(start: string | undefined, { nowMs, today }: Moment): boolean {
  if (start === undefined) return true
  return start.length <= DATE ? start <= today.slice(0, start.length) : Date.parse(start) <= nowMs
}

function hasNotEnded(end: string | undefined, { nowMs, today }: Moment): boolean {
  if (end === undefined) return true
  return end.length <= DATE ? end >= today.slice(0, end.length) : Date.parse(end) >= nowMs
}

/** Whether a period has ended. A date is the whole of its day, month or year; what cannot be read has ended. */
export function isOver(period: Period | undefined, moment: Moment): boolean {
  return !hasNotEnded(period?.end, moment)
}

/** Whether a period holds now: it has begun and not ended. */
export function isWithin(period: Period | undefined, moment: Moment): boolean {
  return hasBegun(period?.start, moment) && hasNotEnded(period?.end, moment)
}

/** The last day of a date, also of `2026-12` and `2026`. */
export function lastDayOf(date: string): string {
  const [year = '', month = '12'] = date.split('-')
  if (date.length >= DATE) return date.slice(0, DATE)
  return new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, DATE)
}

function dateIn(timeZone: string, nowMs: number): string | undefined {
  try {
    return new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }).format(nowMs)
  } catch {
    return undefined
  }
}

/**
 * The date at whichever of these time zones has the earliest one: a day has ended only when it has ended at every site,
 * and begun only when it has begun at every site. UTC where no zone is known.
 */
export function momentIn(timeZones: readonly string[], nowMs: number): Moment {
  const dates = timeZones.flatMap((timeZone) => dateIn(timeZone, nowMs) ?? []).toSorted()
  return { nowMs, today: dates[0] ?? new Date(nowMs).toISOString().slice(0, DATE) }
}
