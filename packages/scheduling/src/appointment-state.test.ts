import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client'
import { expect, test } from 'vitest'

import { HOLD_MINUTES, isHoldExpired, mayChangeStatus, STATUS_TRANSITIONS } from './appointment-state.ts'
import type { AppointmentStatus } from './appointment-state.ts'

const STATUSES = Object.keys(STATUS_TRANSITIONS) as AppointmentStatus[]

test('a patient may hold, book, check in and cancel, and nothing else', () => {
  const allowed = STATUSES.flatMap((from) =>
    STATUSES.filter((to) => mayChangeStatus(from, to, 'patient')).map((to) => `${from} ${to}`),
  )
  expect(allowed.sort()).toEqual(
    [
      'proposed pending',
      'proposed booked',
      'proposed cancelled',
      'pending booked',
      'pending cancelled',
      'waitlist pending',
      'waitlist booked',
      'waitlist cancelled',
      'booked checked-in',
      'booked cancelled',
      'checked-in cancelled',
    ].sort(),
  )
})

test('a proxy may do what the patient may', () => {
  for (const from of STATUSES)
    for (const to of STATUSES)
      expect(mayChangeStatus(from, to, 'proxy')).toBe(mayChangeStatus(from, to, 'patient'))
})

test('nothing comes back to life: closed visits can only be marked as entered in error, by the clinic', () => {
  for (const from of ['cancelled', 'fulfilled', 'entered-in-error'] as const) {
    for (const to of STATUSES) {
      for (const by of ['patient', 'proxy', 'clinic', 'worker'] as const) {
        expect(mayChangeStatus(from, to, by)).toBe(
          from !== 'entered-in-error' && to === 'entered-in-error' && by === 'clinic',
        )
      }
    }
  }
})

test('the worker sweeps holds and marks missed visits, but never books, and never cancels a booking', () => {
  expect(mayChangeStatus('pending', 'cancelled', 'worker')).toBe(true)
  expect(mayChangeStatus('booked', 'noshow', 'worker')).toBe(true)
  expect(mayChangeStatus('booked', 'cancelled', 'worker')).toBe(false)
  expect(mayChangeStatus('pending', 'booked', 'worker')).toBe(false)
})

const NOW = Date.parse('2027-06-01T12:00:00Z')

function held(until: string | undefined, status: AppointmentStatus = 'pending'): Appointment {
  const extension = until === undefined ? [] : [{ url: EXTENSION.heldUntil, valueInstant: until }]
  return { resourceType: 'Appointment', status, participant: [], extension }
}

test.each([
  ['2027-06-01T12:00:00.001Z', 'pending', false],
  ['2027-06-01T12:00:00Z', 'pending', true],
  ['2027-06-01T08:00:01-04:00', 'pending', false],
  [undefined, 'pending', true],
  ['soon', 'pending', true],
  ['2020-01-01T00:00:00Z', 'booked', false],
] as const)('a hold until %s, %s, is expired: %s', (until, status, isExpired) => {
  expect(isHoldExpired(held(until, status), NOW)).toBe(isExpired)
})

test('a hold lasts ten minutes', () => {
  expect(HOLD_MINUTES).toBe(10)
})
