import type { Appointment } from '@medplum/fhirtypes'
import { expect, test } from 'vitest'
import { affectedBy } from './affected-visits.queries.ts'
import { endOfDate, instantAt, startOfDate } from './date-span.ts'

function visit(id: string, start: string, end: string): Appointment {
  return { resourceType: 'Appointment', id, status: 'booked', participant: [], start, end }
}

test('a closure meets visits that share time with its days at the site, in order, and not those that touch its edge', () => {
  const span = {
    startsAt: startOfDate('2027-03-02', 'America/New_York'),
    endsAt: endOfDate('2027-03-02', 'America/New_York'),
  }
  const visits = [
    visit('late', '2027-03-02T23:30:00-05:00', '2027-03-03T00:15:00-05:00'),
    visit('first', '2027-03-02T09:00:00-05:00', '2027-03-02T09:30:00-05:00'),
    visit('over-midnight', '2027-03-01T23:45:00-05:00', '2027-03-02T00:15:00-05:00'),
    visit('until-midnight', '2027-03-01T23:30:00-05:00', '2027-03-02T00:00:00-05:00'),
    visit('next-day', '2027-03-03T00:00:00-05:00', '2027-03-03T00:30:00-05:00'),
    visit('same-instant-elsewhere', '2027-03-02T22:00:00+01:00', '2027-03-02T22:30:00+01:00'),
  ]
  expect(affectedBy(span, visits).map(({ id }) => id)).toEqual([
    'over-midnight',
    'first',
    'same-instant-elsewhere',
    'late',
  ])
})

test('a day of closure is as long as the day is there, also when clocks change', () => {
  const hours = (date: string, zone: string) =>
    (Date.parse(endOfDate(date, zone)) - Date.parse(startOfDate(date, zone))) / 3_600_000
  expect(hours('2027-03-14', 'America/New_York')).toBe(23)
  expect(hours('2027-11-07', 'America/New_York')).toBe(25)
  expect(hours('2027-03-14', 'America/Phoenix')).toBe(24)
  expect(startOfDate('2027-07-01', 'America/St_Johns')).toBe('2027-07-01T02:30:00.000Z')
})

test('a wall time is the instant at which the clock there shows it', () => {
  expect(instantAt('2027-01-05', '08:15', 'America/Phoenix')).toBe('2027-01-05T15:15:00.000Z')
})
