import { expect, test } from 'vitest'

import { ageOn, localDate, partOfDay, toInstantWithOffset, wallOfDate } from './local-time.ts'
import { firstInstantFromWall, instantsOfWall, isTimeZone, offsetAt } from './zone.ts'

test.each([
  ['2027-03-14T06:59:59Z', 'America/New_York', '2027-03-14T01:59:59-05:00'],
  ['2027-03-14T07:00:00Z', 'America/New_York', '2027-03-14T03:00:00-04:00'],
  ['2027-11-07T05:30:00Z', 'America/New_York', '2027-11-07T01:30:00-04:00'],
  ['2027-11-07T06:30:00Z', 'America/New_York', '2027-11-07T01:30:00-05:00'],
  ['2027-06-01T00:00:00Z', 'Asia/Kathmandu', '2027-06-01T05:45:00+05:45'],
  ['2027-06-01T00:00:00Z', 'Asia/Kolkata', '2027-06-01T05:30:00+05:30'],
  ['2027-01-01T00:00:00Z', 'Australia/Lord_Howe', '2027-01-01T11:00:00+11:00'],
  ['2027-06-01T00:00:00Z', 'Australia/Lord_Howe', '2027-06-01T10:30:00+10:30'],
  ['2027-06-01T00:00:00Z', 'Antarctica/Troll', '2027-06-01T02:00:00+02:00'],
  ['2027-06-01T00:00:00Z', 'Pacific/Marquesas', '2027-05-31T14:30:00-09:30'],
  ['2027-06-01T00:00:00Z', 'Etc/UTC', '2027-06-01T00:00:00+00:00'],
  ['1969-12-31T23:00:00Z', 'Europe/Paris', '1970-01-01T00:00:00+01:00'],
])('writes %s at %s as %s and back', (instant, timeZone, written) => {
  const instantMs = Date.parse(instant)
  expect(toInstantWithOffset(instantMs, timeZone)).toBe(written)
  expect(Date.parse(written)).toBe(instantMs)
  expect(localDate(instantMs, timeZone)).toBe(written.slice(0, 10))
})

test('the offset is the one of the visit, not of today or 1970', () => {
  expect(offsetAt(Date.parse('2027-07-01T12:00:00Z'), 'Europe/London')).toBe(3_600_000)
  expect(offsetAt(Date.parse('2027-01-01T12:00:00Z'), 'Europe/London')).toBe(0)
})

test.each([
  ['2027-03-14T02:30:00Z', 'America/New_York', []],
  ['2027-11-07T01:30:00Z', 'America/New_York', ['2027-11-07T05:30:00.000Z', '2027-11-07T06:30:00.000Z']],
  ['2027-10-03T02:15:00Z', 'Australia/Lord_Howe', []],
  ['2027-04-04T01:45:00Z', 'Australia/Lord_Howe', ['2027-04-03T14:45:00.000Z', '2027-04-03T15:15:00.000Z']],
  ['2011-12-30T12:00:00Z', 'Pacific/Apia', []],
  ['2027-09-05T00:30:00Z', 'America/Santiago', []],
])('knows how often the clock shows %s in %s', (wall, timeZone, instants) => {
  expect(instantsOfWall(Date.parse(wall), timeZone).map((one) => new Date(one).toISOString())).toEqual(
    instants,
  )
})

test('a day that begins after midnight begins at its first real minute', () => {
  const startMs = firstInstantFromWall(Date.parse('2027-09-05T00:00:00Z'), 'America/Santiago')
  expect(toInstantWithOffset(startMs, 'America/Santiago')).toBe('2027-09-05T01:00:00-03:00')
  expect(localDate(startMs - 1, 'America/Santiago')).toBe('2027-09-04')
})

test.each([
  ['2027-06-01T15:59:59Z', 'morning'],
  ['2027-06-01T16:00:00Z', 'afternoon'],
  ['2027-06-01T20:59:59Z', 'afternoon'],
  ['2027-06-01T21:00:00Z', 'evening'],
  ['2027-06-02T03:59:59Z', 'evening'],
  ['2027-06-02T04:00:00Z', 'morning'],
])('%s in New York is %s', (instant, part) => {
  expect(partOfDay(Date.parse(instant), 'America/New_York')).toBe(part)
})

test.each([
  ['2009-03-14', '2027-03-13', 17],
  ['2009-03-14', '2027-03-14', 18],
  ['2008-02-29', '2026-02-28', 17],
  ['2008-02-29', '2026-03-01', 18],
  ['2008-02-29', '2028-02-28', 19],
  ['2008-02-29', '2028-02-29', 20],
  ['2009', '2027-01-01', 18],
  ['2009-06', '2027-05-31', 17],
  ['2027-06-01', '2027-05-31', -1],
  ['2009-02-30', '2027-05-31', Number.NaN],
  ['', '2027-05-31', Number.NaN],
])('a person born %s is on %s aged %d', (birthDate, date, age) => {
  expect(ageOn(birthDate, date)).toBe(age)
})

test.each(['2027-02-29', '2027-13-01', '2027-1-1', '', 'today', '2027-04-31'])('%j is not a date', (date) => {
  expect(wallOfDate(date)).toBeUndefined()
})

test.each(['America/New_York', 'UTC', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires'])(
  '%s is a time zone',
  (timeZone) => {
    expect(isTimeZone(timeZone)).toBe(true)
  },
)

test.each(['', '+02:00', 'Mars/Base', 'New York', '../etc/passwd', 'a'.repeat(300), '__proto__'])(
  '%j is not a time zone',
  (timeZone) => {
    expect(isTimeZone(timeZone)).toBe(false)
  },
)
