import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { checkTime, explainNoOpenings } from './check-time.ts'
import { expandHours, minutesOfTime, WEEKDAYS, workingTime } from './hours.ts'
import type { Closure, Weekday, WeeklyHours } from './hours.ts'
import { toInstantWithOffset } from './local-time.ts'
import { computeOpenings } from './openings.ts'
import { PLAIN_RULES } from './rules.fixture.ts'
import type { ServiceRules } from './service-rules.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const NEW_YORK = 'America/New_York'

function openingsOn(
  date: string,
  row: [string, string],
  change: Partial<ServiceRules> = {},
  busy: [string, string][] = [],
): string[] {
  const range = { startMs: Date.parse(`${date}T04:00:00Z`), endMs: Date.parse(`${date}T04:00:00Z`) + DAY }
  const working = expandHours({
    hours: [{ daysOfWeek: [...WEEKDAYS], startTime: row[0], endTime: row[1] }],
    closures: [],
    timeZone: NEW_YORK,
    range,
  })
  const spans = busy.map(([start, end]) => ({ startMs: Date.parse(start), endMs: Date.parse(end) }))
  const rules = { ...PLAIN_RULES, ...change }
  return computeOpenings({
    working,
    busy: spans,
    rules,
    now: range.startMs - DAY,
    range,
    timeZone: NEW_YORK,
  }).map((start) => toInstantWithOffset(start, NEW_YORK).slice(11, 16))
}

describe('openings of one day', () => {
  test('begin on the grid and end inside the window', () => {
    expect(openingsOn('2027-06-01', ['09:00', '10:10'])).toEqual(['09:00', '09:20', '09:40'])
  })

  test('keep to the wall-time grid through both changes of clocks', () => {
    expect(
      openingsOn('2027-03-14', ['01:10', '04:00'], { startEveryMinutes: 40, durationMinutes: 10 }),
    ).toEqual(['01:10', '01:50', '03:10', '03:50'])
    expect(
      openingsOn('2027-11-07', ['00:30', '02:30'], { startEveryMinutes: 45, durationMinutes: 10 }),
    ).toEqual(['00:30', '01:15', '01:15', '02:00'])
  })

  test('leave room for buffers, which may run past the window where the visit may not', () => {
    const rules = { bufferBeforeMinutes: 10, bufferAfterMinutes: 15 }
    expect(openingsOn('2027-06-01', ['09:00', '10:00'], rules)).toEqual(['09:00', '09:20', '09:40'])
    const busy: [string, string][] = [['2027-06-01T13:00:00Z', '2027-06-01T13:15:00Z']]
    expect(openingsOn('2027-06-01', ['09:00', '10:00'], rules, busy)).toEqual(['09:40'])
  })

  test('may touch busy time', () => {
    const busy: [string, string][] = [['2027-06-01T13:20:00Z', '2027-06-01T13:40:00Z']]
    expect(openingsOn('2027-06-01', ['09:00', '10:00'], {}, busy)).toEqual(['09:00', '09:40'])
  })

  test('count real length, not the start’s slot', () => {
    const busy: [string, string][] = [['2027-06-01T13:50:00Z', '2027-06-01T13:51:00Z']]
    expect(openingsOn('2027-06-01', ['09:00', '11:00'], { durationMinutes: 60 }, busy)).toEqual(['10:00'])
  })
})

test('lead time is exact to the instant and the horizon ends with a day at the site', () => {
  const now = Date.parse('2027-06-01T13:00:00Z')
  const range = { startMs: now, endMs: now + 10 * DAY }
  const working = expandHours({
    hours: [{ daysOfWeek: [...WEEKDAYS], startTime: '09:00', endTime: '10:00' }],
    closures: [],
    timeZone: NEW_YORK,
    range,
  })
  const rules = { ...PLAIN_RULES, leadTimeMinutes: 20, horizonDays: 2 }
  const starts = computeOpenings({ working, busy: [], rules, now, range, timeZone: NEW_YORK })
  expect(starts[0]).toBe(now + 20 * MINUTE)
  expect(new Date(starts.at(-1) ?? 0).toISOString()).toBe('2027-06-03T13:40:00.000Z')
})

test('overlapping rows offer each time once, sorted', () => {
  const range = { startMs: Date.parse('2027-06-01T04:00:00Z'), endMs: Date.parse('2027-06-02T04:00:00Z') }
  const row = (startTime: string, endTime: string): WeeklyHours => ({
    daysOfWeek: ['tue'],
    startTime,
    endTime,
  })
  const working = expandHours({
    hours: [row('09:00', '11:00'), row('10:00', '12:00')],
    closures: [],
    timeZone: NEW_YORK,
    range,
  })
  const starts = computeOpenings({
    working,
    busy: [],
    rules: { ...PLAIN_RULES, startEveryMinutes: 60, durationMinutes: 60 },
    now: range.startMs,
    range,
    timeZone: NEW_YORK,
  })
  expect(starts.map((start) => toInstantWithOffset(start, NEW_YORK).slice(11, 16))).toEqual([
    '09:00',
    '10:00',
    '11:00',
  ])
})

/** Days on and around which clocks change, or where a day is missing. */
const PLACES: readonly [string, string][] = [
  [NEW_YORK, '2027-03-13'],
  [NEW_YORK, '2027-11-06'],
  ['Australia/Lord_Howe', '2027-04-03'],
  ['Australia/Lord_Howe', '2027-10-02'],
  ['America/Santiago', '2027-09-04'],
  ['Antarctica/Troll', '2027-03-27'],
  ['Asia/Kathmandu', '2027-06-01'],
  ['Pacific/Apia', '2011-12-29'],
]

function wallReader(timeZone: string): (instantMs: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return (instantMs) => Date.parse(`${format.format(instantMs).replace(' ', 'T')}Z`)
}

const time = fc
  .integer({ min: 0, max: 287 })
  .map(
    (step) => `${String(Math.floor(step / 12)).padStart(2, '0')}:${String((step % 12) * 5).padStart(2, '0')}`,
  )
const row: fc.Arbitrary<WeeklyHours> = fc
  .record({
    daysOfWeek: fc.subarray<Weekday>([...WEEKDAYS], { minLength: 1 }),
    startTime: time,
    endTime: time,
  })
  .filter((one) => one.startTime !== one.endTime)
const minutes = (min: number, max: number) =>
  fc.integer({ min: min / 5, max: max / 5 }).map((step) => step * 5)

const scene = fc.record({
  place: fc.constantFrom(...PLACES),
  hours: fc.array(row, { minLength: 1, maxLength: 3 }),
  closedDay: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  busy: fc.array(fc.tuple(minutes(0, 4_300), minutes(5, 600)), { maxLength: 6 }),
  rules: fc.record({
    durationMinutes: minutes(5, 90),
    bufferBeforeMinutes: minutes(0, 30),
    bufferAfterMinutes: minutes(0, 30),
    startEveryMinutes: minutes(5, 60),
    leadTimeMinutes: minutes(0, 1_000),
    horizonDays: fc.integer({ min: 1, max: 3 }),
  }),
})

/** The definition, minute by minute, with a clock that only Intl reads. */
function naiveOpenings(of: {
  timeZone: string
  hours: WeeklyHours[]
  closures: Closure[]
  busy: { startMs: number; endMs: number }[]
  rules: ServiceRules
  now: number
  range: { startMs: number; endMs: number }
}) {
  const { rules, now, range, hours, closures } = of
  const read = wallReader(of.timeZone)
  const walls = new Map<number, number>()
  const wallAt = (at: number) => {
    const known = walls.get(at) ?? read(at)
    walls.set(at, known)
    return known
  }
  const isClosed = (wall: number) =>
    closures.some((one) => wall >= Date.parse(one.startDate) && wall < Date.parse(one.endDate) + DAY)
  const anchorsAt = (at: number): number[] => {
    const wall = wallAt(at)
    if (isClosed(wall)) return []
    return [0, 1].flatMap((back) => {
      const day = Math.floor(wall / DAY) * DAY - back * DAY
      return hours.flatMap((one) => {
        const start = (minutesOfTime(one.startTime) ?? 0) * MINUTE
        const end = (minutesOfTime(one.endTime) ?? 0) * MINUTE
        const isDay = one.daysOfWeek.includes(WEEKDAYS[(new Date(day).getUTCDay() + 6) % 7] ?? 'mon')
        return isDay && wall >= day + start && wall < day + (end > start ? end : end + DAY)
          ? [day + start]
          : []
      })
    })
  }
  const today = Math.floor(wallAt(now) / DAY)
  const starts: number[] = []
  for (let at = range.startMs; at < range.endMs; at += 5 * MINUTE) {
    if (at < now + rules.leadTimeMinutes * MINUTE || Math.floor(wallAt(at) / DAY) > today + rules.horizonDays)
      continue
    if (!anchorsAt(at).some((anchor) => (wallAt(at) - anchor) % (rules.startEveryMinutes * MINUTE) === 0))
      continue
    const endMs = at + rules.durationMinutes * MINUTE
    let fits = true
    for (let minute = at; minute < endMs; minute += 5 * MINUTE) fits &&= anchorsAt(minute).length > 0
    const from = at - rules.bufferBeforeMinutes * MINUTE
    const until = endMs + rules.bufferAfterMinutes * MINUTE
    if (fits && !of.busy.some((one) => one.startMs < until && from < one.endMs)) starts.push(at)
  }
  return starts
}

test(
  'openings are what their definition says minute by minute, and checkTime agrees on each start',
  { timeout: 120_000 },
  () => {
    let total = 0
    fc.assert(
      fc.property(scene, ({ place, hours, closedDay, busy, rules: drawn }) => {
        const [timeZone, date] = place
        const startMs = Date.parse(`${date}T00:00:00Z`)
        const range = { startMs, endMs: startMs + 3 * DAY }
        const rules = { ...PLAIN_RULES, ...drawn }
        const closed = new Date(startMs + (closedDay ?? 0) * DAY).toISOString().slice(0, 10)
        const closures = closedDay === undefined ? [] : [{ startDate: closed, endDate: closed }]
        const spans = busy.map(([after, length]) => ({
          startMs: startMs + after * MINUTE,
          endMs: startMs + (after + length) * MINUTE,
        }))
        const now = startMs - 60 * MINUTE
        const expected = naiveOpenings({ timeZone, hours, closures, busy: spans, rules, now, range })
        const site = { timeZone, hours: [], closures }
        const working = workingTime({ hours, site, range })
        expect(computeOpenings({ working, busy: spans, rules, now, range, timeZone })).toEqual(expected)
        total += expected.length
        const offered = new Set(expected)
        const check = {
          site,
          hours,
          busy: spans.map((one) => ({ ...one, kind: 'taken' as const })),
          rules,
          now,
        }
        for (let at = startMs; at < range.endMs; at += 115 * MINUTE)
          expect([at, checkTime({ ...check, startMs: at }).ok]).toEqual([at, offered.has(at)])
        for (const at of expected.slice(0, 5))
          expect(checkTime({ ...check, startMs: at })).toEqual({ ok: true })
        expect(explainNoOpenings({ ...check, range }).ok).toBe(expected.length > 0)
      }),
      { numRuns: 120 },
    )
    expect(total).toBeGreaterThan(0)
  },
)
