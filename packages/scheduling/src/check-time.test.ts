import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { checkTime, explainNoOpenings, mayCancel } from './check-time.ts'
import type { TimeCheck } from './check-time.ts'
import { WEEKDAYS } from './hours.ts'
import type { WeeklyHours } from './hours.ts'
import { PLAIN_RULES } from './rules.fixture.ts'
import { BOOKING_REASONS, commonestRefusal } from './reason.ts'

const NOON = Date.parse('2027-06-01T16:00:00Z')
const MINUTE = 60_000

const CHECK: TimeCheck = {
  startMs: NOON,
  site: {
    timeZone: 'America/New_York',
    hours: [{ daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri'], startTime: '08:00', endTime: '18:00' }],
    closures: [],
  },
  hours: [{ daysOfWeek: ['mon', 'tue', 'wed'], startTime: '09:00', endTime: '17:00' }],
  busy: [],
  rules: PLAIN_RULES,
  now: Date.parse('2027-05-31T16:00:00Z'),
}
const PATIENT = { busy: [], birthDate: '2010-06-01', hasReferral: false }
const AT_NOON = { startMs: NOON + 10 * MINUTE, endMs: NOON + 30 * MINUTE }

test('a free time on the grid is accepted', () => {
  expect(checkTime({ ...CHECK, patient: PATIENT })).toEqual({ ok: true })
})

test.each<[string, Partial<TimeCheck>, string, Record<string, string>?]>([
  ['a service not offered there', { offersService: false }, 'not-offered-here'],
  ['a mode not offered', { visitMode: 'video' }, 'not-offered-here', { 'visit-mode': 'video' }],
  ['no referral', { rules: { ...PLAIN_RULES, referralRequired: true }, patient: PATIENT }, 'needs-referral'],
  [
    'a day too young',
    { rules: { ...PLAIN_RULES, minimumAgeYears: 18 }, patient: PATIENT },
    'age-limit',
    { 'minimum-age': '18' },
  ],
  [
    'too old',
    { rules: { ...PLAIN_RULES, maximumAgeYears: 16 }, patient: PATIENT },
    'age-limit',
    { 'maximum-age': '16' },
  ],
  [
    'an unknown age',
    { rules: { ...PLAIN_RULES, minimumAgeYears: 1 }, patient: { busy: [], hasReferral: true } },
    'age-limit',
    { 'minimum-age': '1' },
  ],
  [
    'too soon',
    { rules: { ...PLAIN_RULES, leadTimeMinutes: 1_441 } },
    'too-soon',
    { earliest: '2027-06-01T12:01:00-04:00' },
  ],
  ['the past', { now: NOON + 1 }, 'too-soon', { earliest: '2027-06-01T12:00:00-04:00' }],
  [
    'too far ahead',
    { rules: { ...PLAIN_RULES, horizonDays: 1 }, startMs: NOON + 1_440 * MINUTE },
    'too-far-ahead',
    { latest: '2027-06-01' },
  ],
  [
    'a closed site',
    {
      site: {
        ...CHECK.site,
        closures: [{ startDate: '2027-06-01', endDate: '2027-06-02', reason: 'Flood' }],
      },
    },
    'site-closed',
    { 'closure-start': '2027-06-01', 'closure-end': '2027-06-02', 'closure-reason': 'Flood' },
  ],
  ['after hours', { startMs: NOON + 300 * MINUTE }, 'outside-hours'],
  [
    'a visit that would run over',
    { startMs: NOON + 280 * MINUTE, rules: { ...PLAIN_RULES, durationMinutes: 40 } },
    'outside-hours',
  ],
  ['a day off', { startMs: NOON + 2 * 1_440 * MINUTE }, 'outside-hours'],
  ['a time between the starts', { startMs: NOON + 7 * MINUTE }, 'not-bookable'],
  ['leave', { busy: [{ ...AT_NOON, kind: 'leave' }] }, 'on-leave'],
  ['someone’s hold', { busy: [{ ...AT_NOON, kind: 'held' }] }, 'held-by-someone-else'],
  ['a booked time', { busy: [{ ...AT_NOON, kind: 'taken' }] }, 'taken'],
  [
    'leave over a booking',
    {
      busy: [
        { ...AT_NOON, kind: 'taken' },
        { ...AT_NOON, kind: 'leave' },
      ],
    },
    'on-leave',
  ],
  ['one’s own visit', { patient: { ...PATIENT, busy: [AT_NOON] } }, 'own-overlap'],
])('refuses %s', (_case, change, reason, parameters) => {
  expect(checkTime({ ...CHECK, ...change })).toEqual({ ok: false, reason, ...(parameters && { parameters }) })
})

test('a time that does not exist cannot even be asked for: the instants around it are judged by the clock', () => {
  const hours = [{ daysOfWeek: ['sun' as const], startTime: '02:00', endTime: '03:00' }]
  const site = { ...CHECK.site, hours: [] }
  const startMs = Date.parse('2027-03-14T07:00:00Z')
  expect(checkTime({ ...CHECK, site, hours, startMs, now: startMs - MINUTE })).toEqual({
    ok: false,
    reason: 'outside-hours',
  })
})

test('staff may override the person’s own overlap, and nothing else', () => {
  const patient = { ...PATIENT, busy: [AT_NOON], mayOverlap: true }
  expect(checkTime({ ...CHECK, patient })).toEqual({ ok: true })
  expect(checkTime({ ...CHECK, patient, busy: [{ ...AT_NOON, kind: 'taken' }] })).toMatchObject({
    reason: 'taken',
  })
})

test('a birthday that comes before the visit counts', () => {
  const rules = { ...PLAIN_RULES, minimumAgeYears: 17, maximumAgeYears: 17 }
  expect(checkTime({ ...CHECK, rules, patient: PATIENT })).toEqual({ ok: true })
  expect(checkTime({ ...CHECK, rules, patient: { ...PATIENT, birthDate: '2010-06-02' } })).toMatchObject({
    reason: 'age-limit',
  })
})

const JUNE = { startMs: Date.parse('2027-06-01T04:00:00Z'), endMs: Date.parse('2027-06-04T04:00:00Z') }
const { startMs: _start, ...RANGE_CHECK } = { ...CHECK, range: JUNE }

test.each<[string, Partial<TimeCheck>, string]>([
  ['no hours there', { hours: [] }, 'outside-hours'],
  ['windows shorter than the visit', { rules: { ...PLAIN_RULES, durationMinutes: 600 } }, 'outside-hours'],
  [
    'a closure over all of it',
    { site: { ...CHECK.site, closures: [{ startDate: '2027-05-01', endDate: '2027-07-01' }] } },
    'site-closed',
  ],
  [
    'leave over most of it',
    {
      busy: [
        { ...JUNE, startMs: JUNE.startMs + 12 * 60 * MINUTE, kind: 'leave' },
        { ...JUNE, kind: 'taken' },
      ],
    },
    'on-leave',
  ],
  ['all of it booked', { busy: [{ ...JUNE, kind: 'taken' }] }, 'taken'],
  ['a range before the earliest start', { rules: { ...PLAIN_RULES, leadTimeMinutes: 14_400 } }, 'too-soon'],
  [
    'a missing referral',
    { rules: { ...PLAIN_RULES, referralRequired: true }, patient: PATIENT },
    'needs-referral',
  ],
  [
    'a person too young all the while',
    { rules: { ...PLAIN_RULES, minimumAgeYears: 60 }, patient: PATIENT },
    'age-limit',
  ],
])('explains %s', (_case, change, reason) => {
  expect(explainNoOpenings({ ...RANGE_CHECK, ...change })).toMatchObject({ ok: false, reason })
})

test('a range that has an opening needs no explanation', () => {
  expect(explainNoOpenings(RANGE_CHECK)).toEqual({ ok: true })
})

test('an empty pool has no openings', () => {
  expect(commonestRefusal([])).toEqual({ ok: false, reason: 'no-openings' })
})

test.each([
  ['patient', 'booked', 119, 'too-late-to-cancel'],
  ['proxy', 'booked', 119, 'too-late-to-cancel'],
  ['patient', 'booked', 120, 'ok'],
  ['clinic', 'booked', 1, 'ok'],
  ['clinic', 'booked', 0, 'already-past'],
  ['patient', 'pending', 1, 'ok'],
  ['patient', 'cancelled', 500, 'already-cancelled'],
  ['clinic', 'fulfilled', 500, 'already-past'],
] as const)('%s cancelling a %s visit %d minutes before: %s', (by, status, minutes, outcome) => {
  const rules = { cancelNoticeMinutes: 120 }
  const verdict = mayCancel({
    status,
    startMs: NOON,
    rules,
    now: NOON - minutes * MINUTE,
    by,
    timeZone: 'America/New_York',
  })
  expect(verdict.ok ? 'ok' : verdict.reason).toBe(outcome)
  const latest = { latest: '2027-06-01T10:00:00-04:00' }
  expect(verdict.ok ? undefined : verdict.parameters).toEqual(
    outcome === 'too-late-to-cancel' ? latest : undefined,
  )
})

test('the reasons are exactly those of the contract', () => {
  const contract = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8')
  const listed = /CodeSystem\/booking-reason`, code one of:\s+`([^`]+)`/.exec(contract)?.[1]
  expect([...BOOKING_REASONS]).toEqual(listed?.split(/,\s+/))
})

test('a closed day that the clocks of the site skip closes nothing around it', () => {
  const site = {
    timeZone: 'Pacific/Apia',
    hours: [],
    closures: [{ startDate: '2011-12-30', endDate: '2011-12-30' }],
  }
  const startMs = Date.parse('2011-12-30T09:50:00Z')
  const hours: WeeklyHours[] = [{ daysOfWeek: [...WEEKDAYS], allDay: true }]
  const rules = { ...PLAIN_RULES, durationMinutes: 20, startEveryMinutes: 10 }
  const check = { site, hours, busy: [], rules, now: startMs - 3_600_000, startMs }
  expect(checkTime(check)).toEqual({ ok: true })
  const closedBefore = { ...site, closures: [{ startDate: '2011-12-29', endDate: '2011-12-29' }] }
  expect(checkTime({ ...check, site: closedBefore })).toMatchObject({ reason: 'site-closed' })
})
