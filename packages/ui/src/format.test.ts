import { expect, test } from 'vitest'
import {
  dateAt,
  formatBirthDate,
  formatDate,
  formatDateTime,
  formatDaysAway,
  formatMinutes,
  formatTime,
  formatTimeRange,
  partOfDay,
} from './format.ts'

const now = new Date('2026-02-20T12:00:00Z')
const denver = 'America/Denver'

test('a visit is told in the words of each language, at the place of the visit', () => {
  const startsAt = '2026-03-03T14:30:00-07:00'
  expect(formatDateTime(startsAt, { locale: 'en', timeZone: denver, now })).toBe(
    'Tue 3 Mar, 2:30 pm, Denver time',
  )
  expect(formatDateTime(startsAt, { locale: 'es', timeZone: denver, now })).toBe(
    'mar, 3 mar, 14:30, hora de Denver',
  )
  expect(formatDateTime(startsAt, { locale: 'en', timeZone: denver, style: 'long', now })).toBe(
    'Tuesday 3 March, 2:30 pm, Denver time',
  )
  expect(formatDateTime(startsAt, { locale: 'es', timeZone: 'America/New_York', style: 'long', now })).toBe(
    'martes, 3 de marzo, 16:30, hora de Nueva York',
  )
})

test('the year is told when it is not the current one', () => {
  expect(formatDate('2027-01-04', { locale: 'en', now })).toBe('Mon 4 Jan 2027')
  expect(formatDate('2027-01-04', { locale: 'es', style: 'long', now })).toBe('lunes, 4 de enero de 2027')
})

test('the same instant is another day in another zone', () => {
  expect(dateAt('2026-03-04T05:30:00Z', denver)).toBe('2026-03-03')
  expect(dateAt('2026-03-04T05:30:00Z', 'UTC')).toBe('2026-03-04')
})

test.each([
  ['2026-03-08T08:59:00Z', '1:59 am'],
  ['2026-03-08T09:00:00Z', '3:00 am'],
  ['2026-11-01T07:30:00Z', '1:30 am'],
  ['2026-11-01T08:30:00Z', '1:30 am'],
  ['2026-03-03T07:00:00Z', '12:00 am'],
  ['2026-03-03T19:00:00Z', '12:00 pm'],
])(
  'the wall time of %s in Denver is %s, over both changes of clocks, at midnight and at noon',
  (at, wall) => {
    expect(formatTime(at, { locale: 'en', timeZone: denver })).toBe(wall)
  },
)

test('midnight in Spanish is 0:00 and never 24:00', () => {
  expect(formatTime('2026-03-03T07:00:00Z', { locale: 'es', timeZone: denver })).toMatch(/^0{1,2}:00$/)
})

test('a range says the half of the day once when both ends share it', () => {
  const zone = { locale: 'en', timeZone: denver }
  expect(formatTimeRange('2026-03-03T21:30:00Z', '2026-03-03T22:00:00Z', zone)).toBe('2:30 to 3:00 pm')
  expect(formatTimeRange('2026-03-03T18:30:00Z', '2026-03-03T19:00:00Z', zone)).toBe('11:30 am to 12:00 pm')
})

test('a birth date is told as exactly as it is recorded', () => {
  expect(formatBirthDate('1984-03-02', 'en')).toBe('2 March 1984')
  expect(formatBirthDate('1984-03-02', 'es')).toBe('2 de marzo de 1984')
  expect(formatBirthDate('1984-03', 'en')).toBe('March 1984')
  expect(formatBirthDate('1984', 'es')).toBe('1984')
})

test.each(['', 'tomorrow', '2026-13-45', '2026-02-30T99:00:00Z'])(
  'what is no date (%j) is said to be not recorded',
  (text) => {
    expect(formatDate(text, { locale: 'en' })).toBe('Not recorded')
    expect(formatDateTime(text, { locale: 'es', timeZone: denver })).toBe('No consta')
    expect(formatBirthDate(text, 'en')).toBe('Not recorded')
  },
)

test('parts of the day change at noon and at five, by the clock of the place', () => {
  expect(partOfDay('2026-03-03T18:59:00Z', denver)).toBe('morning')
  expect(partOfDay('2026-03-03T19:00:00Z', denver)).toBe('afternoon')
  expect(partOfDay('2026-03-04T00:00:00Z', denver)).toBe('evening')
})

test('lengths and distances in days are told in words', () => {
  expect(formatMinutes(75, 'en')).toBe('1 hour 15 minutes')
  expect(formatMinutes(30, 'es')).toBe('30 minutos')
  expect(formatDaysAway('2026-03-04', '2026-03-03', 'en')).toBe('tomorrow')
  expect(formatDaysAway('2026-04-04', '2026-03-03', 'en')).toBe('')
})
