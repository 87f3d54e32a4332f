import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'

import type { BookingReason, Verdict } from './reason.ts'
import { DAY_MS, firstInstantFromWall, instantsOfWall, offsetAt } from './zone.ts'

const MAX_ALTERNATIVES = 3
const WEEK_MS = 7 * DAY_MS

/** One visit of a series; `wallTime` is its date and time on the clock at the site, `2027-03-14T02:30`. */
export type Occurrence =
  | { index: number; wallTime: string; startMs: number }
  | { index: number; wallTime: string; startMs?: undefined; reason: 'does-not-exist' }

/**
 * The same weekday and clock time every so many weeks, through changes of clocks. A time that does not exist on its day says so; one that comes twice is
 * the one with the first visit's offset, else the earlier.
 */
export function weeklyOccurrences(of: {
  startMs: number
  count: number
  intervalWeeks: number
  timeZone: string
}): Occurrence[] {
  const { startMs, timeZone } = of
  const offsetMs = offsetAt(startMs, timeZone)
  return Array.from({ length: of.count }, (_, index): Occurrence => {
    const wallMs = startMs + offsetMs + index * of.intervalWeeks * WEEK_MS
    const wallTime = new Date(wallMs).toISOString().slice(0, 16)
    const instants = instantsOfWall(wallMs, timeZone)
    const chosen = instants.find((instant) => instant === wallMs - offsetMs) ?? instants[0]
    return chosen === undefined
      ? { index, wallTime, reason: 'does-not-exist' }
      : { index, wallTime, startMs: chosen }
  })
}

export type OccurrenceOutcome = {
  index: number
  wallTime: string
  startMs?: number
  outcome: 'free' | BookingReason
  /** At most three, nearest first: openings of the same clinician in the same week (Monday to Sunday at the site). */
  alternativesMs: number[]
}

function weekOf(instantMs: number, timeZone: string): number {
  // The epoch was a Thursday: three days on, weeks begin on Monday.
  return Math.floor((instantMs + offsetAt(instantMs, timeZone) + 3 * DAY_MS) / WEEK_MS)
}

/**
 * Every occurrence checked, each on its own: free, or why not and what else there is that week. A time that does not exist is `outside-hours`.
 * `openings` are sorted starts of the same clinician over the weeks of the series; only those that `check` accepts are proposed.
 */
export function checkSeries(of: {
  occurrences: readonly Occurrence[]
  check: (startMs: number) => Verdict
  openings: readonly number[]
  timeZone: string
}): OccurrenceOutcome[] {
  const { check, timeZone } = of
  return of.occurrences.map(({ index, wallTime, startMs }) => {
    const verdict: Verdict = startMs === undefined ? { ok: false, reason: 'outside-hours' } : check(startMs)
    const start = startMs === undefined ? {} : { startMs }
    if (verdict.ok) return { index, wallTime, ...start, outcome: 'free', alternativesMs: [] }
    const wantedMs = startMs ?? firstInstantFromWall(Date.parse(`${wallTime}:00Z`), timeZone)
    const week = weekOf(wantedMs, timeZone)
    const near = of.openings
      .filter((opening) => opening !== startMs && weekOf(opening, timeZone) === week)
      .sort((a, b) => Math.abs(a - wantedMs) - Math.abs(b - wantedMs) || a - b)
    const alternativesMs: number[] = []
    for (const opening of near) {
      if (alternativesMs.length === MAX_ALTERNATIVES) break
      if (check(opening).ok) alternativesMs.push(opening)
    }
    return { index, wallTime, ...start, outcome: verdict.reason, alternativesMs }
  })
}

export type Scope = 'this' | 'following' | 'all'

const LIVE: readonly Appointment['status'][] = ['proposed', 'pending', 'waitlist', 'booked', 'checked-in']

/** The series an Appointment belongs to, as one string; undefined when it belongs to none. */
export function seriesOf(appointment: Appointment): string | undefined {
  const identifier = getExtension(appointment, EXTENSION.series)?.valueIdentifier
  return identifier?.value === undefined ? undefined : `${identifier.system ?? ''}|${identifier.value}`
}

/**
 * The visits that a change of the chosen one touches, by start: itself; or also the later ones of its series; or all. Only visits that can still change
 * (not cancelled, arrived, fulfilled, missed) and, with `now`, that have not begun; others of the list (another series) are left alone.
 */
export function scopeOfSeries(
  inSeries: readonly Appointment[],
  chosen: Appointment,
  scope: Scope,
  now = Number.NEGATIVE_INFINITY,
): Appointment[] {
  const series = seriesOf(chosen)
  const startOf = (one: Appointment) => Date.parse(one.start ?? '')
  const isChosen = (one: Appointment) => one === chosen || (chosen.id !== undefined && one.id === chosen.id)
  const all = inSeries.some(isChosen) ? inSeries : [chosen, ...inSeries]
  return all
    .filter((one) => LIVE.includes(one.status) && startOf(one) > now)
    .filter((one) => {
      if (isChosen(one)) return true
      if (scope === 'this' || series === undefined || seriesOf(one) !== series) return false
      return scope === 'all' || startOf(one) >= startOf(chosen)
    })
    .sort((a, b) => startOf(a) - startOf(b))
}
