import { expect, test } from 'vitest'

import { WEEKDAYS } from './hours.ts'
import { computeOpenings, expandHours } from './index.ts'
import type { ServiceRules } from './index.ts'
import { zoneSegments } from './zone.ts'

/*
 * Risk: a visit an hour off on the days when clocks change. The code under test takes transitions from Temporal and adds offsets; the oracle knows nothing
 * but what Intl.DateTimeFormat prints: it finds transitions by stepping and bisection, and reads every offered time back through the formatter.
 */
const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const FROM = Date.UTC(2020, 0, 1)
const UNTIL = Date.UTC(2041, 0, 1)
const STEP_DAYS = 2
const WINDOWS = ['00:30', '01:30', '02:30', '13:00', '23:30']
const WINDOW_MINUTES = 160
const GRID_MINUTES = 20

const RULES: ServiceRules = {
  durationMinutes: 5,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  startEveryMinutes: GRID_MINUTES,
  leadTimeMinutes: 0,
  horizonDays: 730,
  cancelNoticeMinutes: 0,
  referralRequired: false,
  visitModes: ['in-person'],
  needsRoom: false,
  needsInterpreter: false,
  forms: [],
}

type Clock = (instantMs: number) => number

/** Reads the wall time (as if UTC) off the formatter. */
function clockOf(timeZone: string): Clock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instantMs) => {
    const parts = Object.fromEntries(
      format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]),
    )
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second)
  }
}

type Transition = { atMs: number; before: number; after: number }

function bisect(clock: Clock, startMs: number, endMs: number): Transition {
  const before = clock(startMs) - startMs
  let low = startMs
  let high = endMs
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000
    if (clock(middle) - middle === before) low = middle
    else high = middle
  }
  return { atMs: high, before, after: clock(high) - high }
}

function transitionsOf(clock: Clock): Transition[] {
  const found: Transition[] = []
  let offset = clock(FROM) - FROM
  for (let atMs = FROM; atMs < UNTIL; atMs += STEP_DAYS * DAY) {
    const nextMs = atMs + STEP_DAYS * DAY
    const next = clock(nextMs) - nextMs
    if (next !== offset) found.push(bisect(clock, atMs, nextMs))
    offset = next
  }
  return found
}

/** Every configured wall time around the transition, as often as the clock shows it: `wall@instant`. */
function expected(time: string, { atMs, before, after }: Transition): string[] {
  const hoursMinutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const range = { startMs: atMs - 1.5 * DAY, endMs: atMs + 1.5 * DAY }
  const all = new Set<string>()
  const firstDay = Math.floor((range.startMs + before) / DAY) * DAY - DAY
  for (let day = firstDay; day <= range.endMs + after + DAY; day += DAY) {
    for (let minutes = 0; minutes < WINDOW_MINUTES; minutes += GRID_MINUTES) {
      const wall = day + (hoursMinutes + minutes) * MINUTE
      const instants = [wall - before, wall - after].filter((instant, index) =>
        index === 0 ? instant < atMs : instant >= atMs,
      )
      for (const instant of instants) {
        if (instant >= range.startMs && instant < range.endMs) all.add(`${wall}@${instant}`)
      }
    }
  }
  return [...all].sort()
}

function offered(time: string, timeZone: string, clock: Clock, aroundMs: number): string[] {
  const range = { startMs: aroundMs - 1.5 * DAY, endMs: aroundMs + 1.5 * DAY }
  const endMinutes = (Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) + WINDOW_MINUTES) % 1_440
  const endTime = `${String(Math.floor(endMinutes / 60)).padStart(2, '0')}:${String(endMinutes % 60).padStart(2, '0')}`
  const hours = [{ daysOfWeek: [...WEEKDAYS], startTime: time, endTime }]
  const working = expandHours({ hours, closures: [], timeZone, range })
  const starts = computeOpenings({
    working,
    busy: [],
    rules: RULES,
    now: range.startMs - DAY,
    range,
    timeZone,
  })
  return starts.map((instant) => `${clock(instant)}@${instant}`).sort()
}

test(
  'offers exactly the configured wall times around every change of clocks 2020-2040 in every time zone',
  { timeout: 600_000 },
  () => {
    const zones = Intl.supportedValuesOf('timeZone')
    const unchanging: string[] = []
    const mismatches: object[] = []
    let transitionCount = 0
    let offeredCount = 0
    for (const timeZone of zones) {
      const clock = clockOf(timeZone)
      const transitions = transitionsOf(clock)
      const known = zoneSegments(timeZone, { startMs: FROM, endMs: UNTIL })
        .map((segment) => segment.startMs)
        .filter((atMs, index) => index > 0 && atMs > FROM && atMs < UNTIL)
      const found = transitions.map(({ atMs }) => atMs)
      if (known.join() !== found.join()) mismatches.push({ timeZone, known, found })
      if (transitions.length === 0) {
        unchanging.push(timeZone)
        const plainMs = Date.UTC(2027, 2, 14)
        const offset = clock(plainMs) - plainMs
        transitions.push({ atMs: plainMs, before: offset, after: offset })
      } else {
        transitionCount += transitions.length
      }
      for (const transition of transitions) {
        for (const time of WINDOWS) {
          const times = offered(time, timeZone, clock, transition.atMs)
          const wanted = expected(time, transition)
          offeredCount += times.length
          if (times.join() !== wanted.join())
            mismatches.push({ timeZone, time, atMs: transition.atMs, times, wanted })
        }
      }
    }
    process.stdout.write(
      `time zone data ${process.versions['tz'] ?? 'unknown'}: ${zones.length} zones, ${transitionCount} transitions, ${offeredCount} offered times compared; ` +
        `0 zones skipped; ${unchanging.length} zones never change 2020-2040 and were compared on a plain day: ${unchanging.join(' ')}\n`,
    )
    expect(mismatches.slice(0, 3)).toEqual([])
    expect(zones.length).toBeGreaterThan(400)
    expect(transitionCount).toBeGreaterThan(5_000)
  },
)
