import { contains, intersectIntervals, mergeIntervals, subtractIntervals } from './interval.ts'
import type { Interval } from './interval.ts'
import { wallOfDate } from './local-time.ts'
import { DAY_MS, instantsOfWallSpan, MINUTE_MS, offsetAt, zoneSegments } from './zone.ts'

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Wall times at the site. `endTime` at or before `startTime` means the next day, so `00:00` as end is midnight. */
export type WeeklyHours = { daysOfWeek: Weekday[]; allDay?: boolean; startTime?: string; endTime?: string }

/** Calendar dates at the site, both inclusive. */
export type Closure = { startDate: string; endDate: string; reason?: string }

/** What of a site decides its times. No `hours` means that the site sets no limit of its own. */
export type Site = { timeZone: string; hours: WeeklyHours[]; closures: Closure[] }

/** Working time; `anchorWallMs` is the wall time (local clock as if UTC) where its window begins: openings sit on a grid from there. */
export type WorkingInterval = Interval & { anchorWallMs: number }

/** Ranges are windows of a search, never open-ended: a year and a bit is a programming error. */
const MAX_RANGE_MS = 400 * DAY_MS

/** Minutes since midnight of `HH:MM`; undefined when it is not a time of day. */
export function minutesOfTime(time: string | undefined): number | undefined {
  if (time === undefined || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return undefined
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

function minutesOf(row: WeeklyHours): { startMinutes: number; endMinutes: number } | undefined {
  if (row.allDay === true) return { startMinutes: 0, endMinutes: 1440 }
  const startMinutes = minutesOfTime(row.startTime)
  const endMinutes = minutesOfTime(row.endTime)
  if (startMinutes === undefined || endMinutes === undefined) return undefined
  return { startMinutes, endMinutes: endMinutes > startMinutes ? endMinutes : endMinutes + 1440 }
}

/** The wall-time spans of closures, for subtracting. Closures that are not dates are left out. */
export function wallSpansOfClosures(closures: readonly Closure[]): Interval[] {
  return closures.flatMap((closure) => {
    const startMs = wallOfDate(closure.startDate)
    const lastDayMs = wallOfDate(closure.endDate)
    return startMs === undefined || lastDayMs === undefined ? [] : [{ startMs, endMs: lastDayMs + DAY_MS }]
  })
}

function windowsOfDay(
  dayWallMs: number,
  rows: readonly (WeeklyHours & { startMinutes: number; endMinutes: number })[],
): WorkingInterval[] {
  // 1 January 1970 was a Thursday, the fourth day of a week that begins on Monday.
  const weekday = WEEKDAYS[(((dayWallMs / DAY_MS + 3) % 7) + 7) % 7]
  const windows: WorkingInterval[] = []
  for (const row of rows) {
    if (weekday === undefined || !row.daysOfWeek.includes(weekday)) continue
    const startMs = dayWallMs + row.startMinutes * MINUTE_MS
    windows.push({ startMs, endMs: dayWallMs + row.endMinutes * MINUTE_MS, anchorWallMs: startMs })
  }
  return windows
}

/**
 * Weekly hours as spans of instants, sorted by start: an instant belongs to working time exactly when the clock there shows a time within the hours.
 * So a wall time that does not exist is not offered, and an hour that comes twice is offered once per offset.
 * Whole windows that come within a day of `range` are returned, not clipped to it. Rows may overlap; nothing is merged.
 * Throws a RangeError for an unknown zone or a range of more than 400 days.
 */
export function expandHours(of: {
  hours: readonly WeeklyHours[]
  closures: readonly Closure[]
  timeZone: string
  range: Interval
}): WorkingInterval[] {
  const { range, timeZone } = of
  if (!(range.endMs - range.startMs <= MAX_RANGE_MS)) throw new RangeError('range of more than 400 days')
  const rows = of.hours.flatMap((row) => {
    const minutes = minutesOf(row)
    return minutes === undefined ? [] : [{ ...row, ...minutes }]
  })
  const closed = wallSpansOfClosures(of.closures)
  const segments = zoneSegments(timeZone, {
    startMs: range.startMs - 4 * DAY_MS,
    endMs: range.endMs + 4 * DAY_MS,
  }).filter(
    (segment) => segment.endMs > range.startMs - 4 * DAY_MS && segment.startMs < range.endMs + 4 * DAY_MS,
  )
  const firstDayMs =
    Math.floor((range.startMs + offsetAt(range.startMs, timeZone)) / DAY_MS) * DAY_MS - 2 * DAY_MS
  const lastDayMs = range.endMs + offsetAt(range.endMs, timeZone) + DAY_MS
  const working: WorkingInterval[] = []
  for (let dayWallMs = firstDayMs; dayWallMs <= lastDayMs; dayWallMs += DAY_MS) {
    const windows = windowsOfDay(dayWallMs, rows)
    for (const window of closed.length === 0 ? windows : subtractIntervals(windows, closed)) {
      for (const span of instantsOfWallSpan(window, segments)) {
        if (span.endMs < range.startMs - DAY_MS || span.startMs > range.endMs + DAY_MS) continue
        working.push({ startMs: span.startMs, endMs: span.endMs, anchorWallMs: window.anchorWallMs })
      }
    }
  }
  return working.sort((a, b) => a.startMs - b.startMs)
}

/** A site's own opening time around a range, merged; undefined when the site publishes no hours. Closures are left out of it. */
export function siteOpenTime(site: Site, range: Interval): Interval[] | undefined {
  if (site.hours.length === 0) return undefined
  return mergeIntervals(
    expandHours({ hours: site.hours, closures: site.closures, timeZone: site.timeZone, range }),
  )
}

/**
 * When a clinician works at a site: their weekly hours, within the site's, without closures. Pass `siteOpen` (from `siteOpenTime`) when many
 * clinicians of one site are expanded. Sorted by start, grid anchors are the clinician's.
 */
export function workingTime(of: {
  hours: readonly WeeklyHours[]
  site: Site
  range: Interval
  siteOpen?: readonly Interval[] | undefined
}): WorkingInterval[] {
  const own = expandHours({
    hours: of.hours,
    closures: of.site.closures,
    timeZone: of.site.timeZone,
    range: of.range,
  })
  const siteOpen = of.siteOpen ?? siteOpenTime(of.site, of.range)
  if (siteOpen === undefined || own.every((one) => contains(siteOpen, one))) return own
  return intersectIntervals(own, siteOpen)
}
