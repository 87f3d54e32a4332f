import { WEEKDAYS, type WeeklyHours } from '@openward/scheduling'
import { expect, test } from 'vitest'
import { copyDay, EMPTY_WEEK, endsNextDay, hoursFrom, nextWindow, problemsOfWeek, weekFrom } from './hours.ts'

const STORED: WeeklyHours[] = [
  { daysOfWeek: ['mon', 'tue', 'wed'], startTime: '13:00', endTime: '17:00' },
  { daysOfWeek: ['mon', 'tue', 'wed'], startTime: '09:00', endTime: '12:00' },
  { daysOfWeek: ['sat'], startTime: '22:00', endTime: '06:00' },
  { daysOfWeek: ['sun'], allDay: true },
]

test('shows stored hours day by day, windows by their start', () => {
  const week = weekFrom(STORED)
  expect(week.mon).toEqual([
    { start: '09:00', end: '12:00' },
    { start: '13:00', end: '17:00' },
  ])
  expect(week.thu).toEqual([])
  expect(week.sun).toEqual([{ start: '00:00', end: '00:00', isAllDay: true }])
})

test('stores the same times that were read, days that share a window in one row', () => {
  const rows = hoursFrom(weekFrom(STORED))
  expect(rows).toHaveLength(4)
  expect(rows).toEqual(expect.arrayContaining(STORED))
  expect(weekFrom(rows)).toEqual(weekFrom(STORED))
})

test.each([
  ['a missing end', [{ start: '09:00', end: '' }], { part: 'end', code: 'missing', index: 0 }],
  ['a missing start', [{ start: '', end: '10:00' }], { part: 'start', code: 'missing', index: 0 }],
  [
    'an empty window',
    [{ start: '09:00', end: '09:00' }],
    { part: 'end', code: 'end-before-start', index: 0 },
  ],
  [
    'windows that overlap',
    [
      { start: '09:00', end: '12:00' },
      { start: '11:30', end: '13:00' },
    ],
    { part: 'start', code: 'overlap', index: 1 },
  ],
])('names the day, window and field of %s', (_name, windows, problem) => {
  expect(problemsOfWeek({ ...EMPTY_WEEK, tue: windows })).toEqual([{ day: 'tue', ...problem }])
})

test('takes windows that touch, a night that ends when the next day begins, and a week without hours', () => {
  const touching = [
    { start: '09:00', end: '12:00' },
    { start: '12:00', end: '13:00' },
  ]
  const night = [{ start: '22:00', end: '06:00' }]
  expect(problemsOfWeek({ ...EMPTY_WEEK, mon: touching })).toEqual([])
  expect(problemsOfWeek({ ...EMPTY_WEEK, mon: night, tue: [{ start: '06:00', end: '08:00' }] })).toEqual([])
  expect(problemsOfWeek(EMPTY_WEEK)).toEqual([])
})

test('finds a night that reaches into the next morning, also from Sunday to Monday', () => {
  const night = [{ start: '22:00', end: '06:00' }]
  const early = [{ start: '05:00', end: '09:00' }]
  expect(problemsOfWeek({ ...EMPTY_WEEK, wed: night, thu: early })).toEqual([
    { day: 'thu', index: 0, part: 'start', code: 'overlap' },
  ])
  expect(problemsOfWeek({ ...EMPTY_WEEK, sun: night, mon: early })).toEqual([
    { day: 'sun', index: 0, part: 'start', code: 'overlap' },
  ])
})

test('says that a window ends the next day, but not when it ends at midnight', () => {
  expect(endsNextDay({ start: '22:00', end: '06:00' })).toBe(true)
  expect(endsNextDay({ start: '09:00', end: '00:00' })).toBe(false)
  expect(endsNextDay({ start: '09:00', end: '' })).toBe(false)
})

test('copies a day without tying the days together, and leaves the others', () => {
  const week = copyDay(
    { ...EMPTY_WEEK, mon: [{ start: '08:00', end: '12:00' }], sat: [{ start: '10:00', end: '11:00' }] },
    'mon',
    ['tue', 'fri'],
  )
  expect(week.tue).toEqual([{ start: '08:00', end: '12:00' }])
  expect(week.tue[0]).not.toBe(week.mon[0])
  expect(week.sat).toEqual([{ start: '10:00', end: '11:00' }])
  expect(WEEKDAYS.filter((day) => week[day].length > 0)).toEqual(['mon', 'tue', 'fri', 'sat'])
})

test('a new window follows the last one and never overlaps it', () => {
  expect(nextWindow([])).toEqual({ start: '09:00', end: '17:00' })
  expect(nextWindow([{ start: '08:00', end: '12:00' }])).toEqual({ start: '13:00', end: '17:00' })
  expect(nextWindow([{ start: '08:00', end: '18:00' }])).toEqual({ start: '', end: '' })
})
