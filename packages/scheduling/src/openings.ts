import type { WorkingInterval } from './hours.ts'
import { contains, mergeIntervals, overlapsAny } from './interval.ts'
import type { Interval } from './interval.ts'
import type { ServiceRules } from './service-rules.ts'
import { DAY_MS, firstInstantFromWall, MINUTE_MS, offsetAt, zoneSegments } from './zone.ts'

/** The instants between which a start is allowed by lead time and horizon. The horizon counts whole days at the site. */
export function bookableSpan(rules: ServiceRules, now: number, timeZone: string): Interval {
  const todayWallMs = Math.floor((now + offsetAt(now, timeZone)) / DAY_MS) * DAY_MS
  return {
    startMs: now + rules.leadTimeMinutes * MINUTE_MS,
    endMs: firstInstantFromWall(todayWallMs + (rules.horizonDays + 1) * DAY_MS, timeZone),
  }
}

/** The time that a visit takes from a clinician: with buffers. */
export function occupiedBy(startMs: number, rules: ServiceRules): Interval {
  return {
    startMs: startMs - rules.bufferBeforeMinutes * MINUTE_MS,
    endMs: startMs + (rules.durationMinutes + rules.bufferAfterMinutes) * MINUTE_MS,
  }
}

/** The visit itself: without buffers. */
export function visitSpan(startMs: number, rules: ServiceRules): Interval {
  return { startMs, endMs: startMs + rules.durationMinutes * MINUTE_MS }
}

/** Starts on the grid, each window counted in wall time from where it begins, so that 09:00, 09:20 stay so over a change of clocks. Sorted, no doubles. */
export function gridStarts(
  working: readonly WorkingInterval[],
  startEveryMinutes: number,
  range: Interval,
  timeZone: string,
): number[] {
  const stepMs = startEveryMinutes * MINUTE_MS
  const segments = zoneSegments(timeZone, range)
  const starts: number[] = []
  let isSorted = true
  for (const window of working) {
    const fromMs = Math.max(window.startMs, range.startMs)
    const toMs = Math.min(window.endMs, range.endMs)
    if (fromMs >= toMs) continue
    for (const { startMs, endMs, offsetMs } of segments) {
      if (endMs <= fromMs || startMs >= toMs) continue
      const firstWallMs = Math.max(fromMs, startMs) + offsetMs
      const steps = Math.ceil((firstWallMs - window.anchorWallMs) / stepMs)
      const untilMs = Math.min(toMs, endMs)
      for (let at = window.anchorWallMs + steps * stepMs - offsetMs; at < untilMs; at += stepMs) {
        if (starts.length > 0 && at <= (starts[starts.length - 1] ?? 0)) isSorted = false
        starts.push(at)
      }
    }
  }
  return isSorted ? starts : [...new Set(starts)].sort((a, b) => a - b)
}

/**
 * Start instants that the rules allow, sorted: on the grid, within lead time, horizon and `range`, the whole visit inside working time (touching windows
 * count as one), visit and buffers outside `busy`. Buffers may run past working time, the visit may not. `busy` need not be sorted.
 */
export function computeOpenings(of: {
  working: readonly WorkingInterval[]
  busy: readonly Interval[]
  rules: ServiceRules
  now: number
  range: Interval
  timeZone: string
}): number[] {
  const { rules, timeZone } = of
  const bookable = bookableSpan(rules, of.now, timeZone)
  const range = {
    startMs: Math.max(of.range.startMs, bookable.startMs),
    endMs: Math.min(of.range.endMs, bookable.endMs),
  }
  if (range.startMs >= range.endMs) return []
  const covered = mergeIntervals(of.working)
  const busy = mergeIntervals(of.busy)
  return gridStarts(of.working, rules.startEveryMinutes, range, timeZone).filter(
    (startMs) =>
      contains(covered, visitSpan(startMs, rules)) && !overlapsAny(busy, occupiedBy(startMs, rules)),
  )
}
