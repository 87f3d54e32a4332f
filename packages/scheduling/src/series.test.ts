import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client'
import { expect, test } from 'vitest'

import { toInstantWithOffset } from './local-time.ts'
import type { Verdict } from './reason.ts'
import { checkSeries, scopeOfSeries, weeklyOccurrences } from './series.ts'

const NEW_YORK = 'America/New_York'

function starts(
  start: string,
  count: number,
  intervalWeeks: number,
  timeZone = NEW_YORK,
): (string | undefined)[] {
  return weeklyOccurrences({ startMs: Date.parse(start), count, intervalWeeks, timeZone }).map((one) =>
    one.startMs === undefined ? undefined : toInstantWithOffset(one.startMs, timeZone),
  )
}

test('09:00 stays 09:00 through both changes of clocks', () => {
  expect(starts('2027-03-08T09:00:00-05:00', 2, 1)).toEqual([
    '2027-03-08T09:00:00-05:00',
    '2027-03-15T09:00:00-04:00',
  ])
  expect(starts('2027-11-01T09:00:00-04:00', 2, 2)).toEqual([
    '2027-11-01T09:00:00-04:00',
    '2027-11-15T09:00:00-05:00',
  ])
  expect(starts('2027-03-29T09:00:00+11:00', 2, 1, 'Australia/Lord_Howe')).toEqual([
    '2027-03-29T09:00:00+11:00',
    '2027-04-05T09:00:00+10:30',
  ])
})

test('an occurrence whose time does not exist says so and the others stay', () => {
  const occurrences = weeklyOccurrences({
    startMs: Date.parse('2027-03-07T02:30:00-05:00'),
    count: 3,
    intervalWeeks: 1,
    timeZone: NEW_YORK,
  })
  expect(occurrences[1]).toEqual({ index: 1, wallTime: '2027-03-14T02:30', reason: 'does-not-exist' })
  expect(occurrences[2]?.startMs).toBe(Date.parse('2027-03-21T02:30:00-04:00'))
})

test('an occurrence whose time comes twice keeps the first visit’s offset', () => {
  expect(starts('2027-10-31T01:30:00-04:00', 2, 1)[1]).toBe('2027-11-07T01:30:00-04:00')
  expect(starts('2027-11-07T01:30:00-05:00', 1, 1)).toEqual(['2027-11-07T01:30:00-05:00'])
})

const HOUR = 3_600_000
const first = Date.parse('2027-06-02T09:00:00-04:00')
const week = 7 * 24 * HOUR

test('every occurrence is checked and a refused one gets the three nearest openings of its week', () => {
  const occurrences = weeklyOccurrences({ startMs: first, count: 3, intervalWeeks: 1, timeZone: NEW_YORK })
  const bad = first + week
  const check = (startMs: number): Verdict =>
    startMs === bad || startMs === bad + HOUR ? { ok: false, reason: 'taken' } : { ok: true }
  // Monday to Sunday at the site: the Sunday evening and Monday morning just outside are not proposed.
  const nextMonday = Date.parse('2027-06-14T00:00:00-04:00')
  const openings = [
    bad - 3 * 24 * HOUR - 10 * HOUR,
    bad - 24 * HOUR,
    bad - HOUR,
    bad + HOUR,
    bad + 2 * HOUR,
    bad + 30 * HOUR,
    nextMonday,
  ]
  expect(checkSeries({ occurrences, check, openings, timeZone: NEW_YORK })).toEqual([
    { index: 0, wallTime: '2027-06-02T09:00', startMs: first, outcome: 'free', alternativesMs: [] },
    {
      index: 1,
      wallTime: '2027-06-09T09:00',
      startMs: bad,
      outcome: 'taken',
      alternativesMs: [bad - HOUR, bad + 2 * HOUR, bad - 24 * HOUR],
    },
    {
      index: 2,
      wallTime: '2027-06-16T09:00',
      startMs: first + 2 * week,
      outcome: 'free',
      alternativesMs: [],
    },
  ])
})

test('a week with nothing else is said to have no alternative, and a time that does not exist gets those around it', () => {
  const occurrences = weeklyOccurrences({
    startMs: Date.parse('2027-03-07T02:30:00-05:00'),
    count: 2,
    intervalWeeks: 1,
    timeZone: NEW_YORK,
  })
  const [gone] = checkSeries({
    occurrences: occurrences.slice(1),
    check: () => ({ ok: true }),
    openings: [Date.parse('2027-03-14T03:30:00-04:00')],
    timeZone: NEW_YORK,
  })
  expect(gone).toEqual({
    index: 1,
    wallTime: '2027-03-14T02:30',
    outcome: 'outside-hours',
    alternativesMs: [Date.parse('2027-03-14T03:30:00-04:00')],
  })
  const [full] = checkSeries({
    occurrences,
    check: () => ({ ok: false, reason: 'on-leave' }),
    openings: [],
    timeZone: NEW_YORK,
  })
  expect(full).toMatchObject({ outcome: 'on-leave', alternativesMs: [] })
})

function visit(
  id: string,
  week: number,
  status: Appointment['status'] = 'booked',
  series = 's1',
): Appointment {
  return {
    resourceType: 'Appointment',
    id,
    status,
    start: new Date(first + week * 7 * 24 * HOUR).toISOString(),
    participant: [],
    extension: [{ url: EXTENSION.series, valueIdentifier: { value: series } }],
  }
}

const SERIES = [
  visit('d', 3),
  visit('a', 0, 'fulfilled'),
  visit('b', 1),
  visit('c', 2),
  visit('x', 2, 'cancelled'),
  visit('other', 2, 'booked', 's2'),
]

test.each([
  ['this', ['c']],
  ['following', ['c', 'd']],
  ['all', ['b', 'c', 'd']],
] as const)('%s touches exactly %j', (scope, ids) => {
  const chosen = SERIES.find((one) => one.id === 'c') ?? visit('c', 2)
  expect(scopeOfSeries(SERIES, chosen, scope).map((one) => one.id)).toEqual(ids)
  expect(scopeOfSeries(SERIES, { ...chosen }, scope).map((one) => one.id)).toEqual(ids)
})

test('visits that have begun are left alone when the time is given', () => {
  expect(scopeOfSeries(SERIES, visit('d', 3), 'all', first + 1.5 * week).map((one) => one.id)).toEqual([
    'c',
    'd',
  ])
})

test('a visit that belongs to no series never touches another', () => {
  const lone: Appointment = {
    resourceType: 'Appointment',
    id: 'l',
    status: 'booked',
    start: new Date(first).toISOString(),
    participant: [],
  }
  expect(scopeOfSeries([lone, ...SERIES], lone, 'all')).toEqual([lone])
})
