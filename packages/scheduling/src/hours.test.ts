import { expect, test } from 'vitest'

import { expandHours, workingTime } from './hours.ts'
import type { WeeklyHours, Weekday } from './hours.ts'
import { toInstantWithOffset } from './local-time.ts'

const EVERY_DAY: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function windows(
  timeZone: string,
  date: string,
  hours: WeeklyHours[],
  closures: { startDate: string; endDate: string }[] = [],
): string[] {
  const dayMs = Date.parse(`${date}T00:00:00Z`)
  const range = { startMs: dayMs - 36 * 3_600_000, endMs: dayMs + 60 * 3_600_000 }
  return expandHours({ hours, closures, timeZone, range })
    .map((one) => [toInstantWithOffset(one.startMs, timeZone), toInstantWithOffset(one.endMs, timeZone)])
    .filter(([start]) => start?.startsWith(date))
    .map(([start, end]) => `${start?.slice(11)} ${end?.slice(11)}`)
}

function daily(startTime: string, endTime: string): WeeklyHours[] {
  return [{ daysOfWeek: EVERY_DAY, startTime, endTime }]
}

test.each([
  ['a plain day', 'America/New_York', '2027-06-01', '09:00', '17:00', ['09:00:00-04:00 17:00:00-04:00']],
  ['an hour that does not exist', 'America/New_York', '2027-03-14', '02:00', '03:00', []],
  [
    'a window over the gap keeps its real minutes',
    'America/New_York',
    '2027-03-14',
    '01:30',
    '04:00',
    ['01:30:00-05:00 04:00:00-04:00'],
  ],
  [
    'a window that begins in the gap',
    'America/New_York',
    '2027-03-14',
    '02:30',
    '05:00',
    ['03:00:00-04:00 05:00:00-04:00'],
  ],
  [
    'a window that ends in the gap',
    'America/New_York',
    '2027-03-14',
    '00:30',
    '02:30',
    ['00:30:00-05:00 03:00:00-04:00'],
  ],
  [
    'an hour that comes twice',
    'America/New_York',
    '2027-11-07',
    '01:00',
    '02:00',
    ['01:00:00-04:00 02:00:00-05:00'],
  ],
  [
    'a window that begins within the hour that comes twice',
    'America/New_York',
    '2027-11-07',
    '01:30',
    '02:30',
    ['01:30:00-04:00 01:00:00-05:00', '01:30:00-05:00 02:30:00-05:00'],
  ],
  [
    'a shift of half an hour',
    'Australia/Lord_Howe',
    '2027-10-03',
    '01:30',
    '03:00',
    ['01:30:00+10:30 03:00:00+11:00'],
  ],
  [
    'a midnight that does not exist',
    'America/Santiago',
    '2027-09-05',
    '00:00',
    '02:00',
    ['01:00:00-03:00 02:00:00-03:00'],
  ],
  [
    'midnight as the end',
    'Asia/Kathmandu',
    '2027-06-01',
    '22:00',
    '00:00',
    ['22:00:00+05:45 00:00:00+05:45'],
  ],
  ['a night', 'Asia/Kolkata', '2027-06-01', '22:00', '02:00', ['22:00:00+05:30 02:00:00+05:30']],
  ['a skipped day', 'Pacific/Apia', '2011-12-30', '09:00', '17:00', []],
  [
    'the day after a skipped day',
    'Pacific/Apia',
    '2011-12-31',
    '09:00',
    '17:00',
    ['09:00:00+14:00 17:00:00+14:00'],
  ],
])('%s in %s on %s, %s to %s', (_case, timeZone, date, start, end, spans) => {
  expect(windows(timeZone, date, daily(start, end))).toEqual(spans)
})

test('a whole day has 23, 24 or 25 hours', () => {
  const lengths = ['2027-03-14', '2027-06-01', '2027-11-07'].map((date) => {
    const dayMs = Date.parse(`${date}T12:00:00Z`)
    const found = expandHours({
      hours: [{ daysOfWeek: EVERY_DAY, allDay: true }],
      closures: [],
      timeZone: 'America/New_York',
      range: { startMs: dayMs, endMs: dayMs + 1 },
    }).find((one) => one.startMs <= dayMs && dayMs < one.endMs)
    return found && (found.endMs - found.startMs) / 3_600_000
  })
  expect(lengths).toEqual([23, 24, 25])
})

test('hours hold on the weekday at the site, not in UTC', () => {
  const hours: WeeklyHours[] = [{ daysOfWeek: ['tue'], startTime: '01:00', endTime: '03:00' }]
  expect(windows('Pacific/Auckland', '2027-06-01', hours)).toEqual(['01:00:00+12:00 03:00:00+12:00'])
  expect(windows('Pacific/Auckland', '2027-05-31', hours)).toEqual([])
})

test('a closure takes its days at the site, both inclusive, and the rest of a night', () => {
  const closures = [{ startDate: '2027-06-02', endDate: '2027-06-03' }]
  expect(windows('America/New_York', '2027-06-02', daily('09:00', '17:00'), closures)).toEqual([])
  expect(windows('America/New_York', '2027-06-03', daily('09:00', '17:00'), closures)).toEqual([])
  expect(windows('America/New_York', '2027-06-04', daily('09:00', '17:00'), closures)).toEqual([
    '09:00:00-04:00 17:00:00-04:00',
  ])
  expect(windows('America/New_York', '2027-06-01', daily('22:00', '02:00'), closures)).toEqual([
    '22:00:00-04:00 00:00:00-04:00',
  ])
})

test('windows are whole, whatever the range cuts', () => {
  const startMs = Date.parse('2027-06-01T13:10:00Z')
  const [first] = expandHours({
    hours: daily('09:00', '17:00'),
    closures: [],
    timeZone: 'America/New_York',
    range: { startMs, endMs: startMs + 1 },
  }).filter((one) => one.endMs > startMs)
  expect(first?.startMs).toBe(Date.parse('2027-06-01T13:00:00Z'))
})

test('rows that are not hours offer nothing', () => {
  expect(
    windows('America/New_York', '2027-06-01', [
      { daysOfWeek: EVERY_DAY },
      ...daily('25:00', '26:00'),
      ...daily('9:00', '17:00'),
    ]),
  ).toEqual([])
})

test('a range without end is refused before any work', () => {
  const range = { startMs: 0, endMs: Number.POSITIVE_INFINITY }
  expect(() => expandHours({ hours: daily('09:00', '17:00'), closures: [], timeZone: 'UTC', range })).toThrow(
    RangeError,
  )
})

test('a clinician works only while the site is open, on the clinician’s own grid', () => {
  const range = { startMs: Date.parse('2027-06-01T04:00:00Z'), endMs: Date.parse('2027-06-02T04:00:00Z') }
  const site = { timeZone: 'America/New_York', hours: daily('08:30', '12:00'), closures: [] }
  const anchorWallMs = Date.parse('2027-06-01T07:10:00Z')
  expect(workingTime({ hours: daily('07:10', '15:00'), site, range })).toContainEqual({
    startMs: Date.parse('2027-06-01T12:30:00Z'),
    endMs: Date.parse('2027-06-01T16:00:00Z'),
    anchorWallMs,
  })
})

test('a site without hours of its own sets no limit', () => {
  const range = { startMs: Date.parse('2027-06-01T04:00:00Z'), endMs: Date.parse('2027-06-02T04:00:00Z') }
  const site = { timeZone: 'America/New_York', hours: [], closures: [] }
  expect(workingTime({ hours: daily('07:10', '15:00'), site, range })).toHaveLength(3)
})
