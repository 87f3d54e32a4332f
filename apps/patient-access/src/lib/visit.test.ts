import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client'
import { expect, test } from 'vitest'

import { byReference, isChangeable, visitFrom, visitState } from './visit.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

function appointment(change: Partial<Appointment> = {}): Appointment {
  return {
    resourceType: 'Appointment',
    id: 'a',
    status: 'booked',
    start: '2026-11-23T09:00:00-05:00',
    end: '2026-11-23T09:20:00-05:00',
    extension: [
      { url: EXTENSION.timeZone, valueCode: 'America/New_York' },
      { url: EXTENSION.visitMode, valueCode: 'in-person' },
    ],
    participant: [
      { actor: { reference: 'Patient/p' }, status: 'accepted' },
      {
        type: [{ coding: [{ code: 'interpreter' }] }],
        actor: { reference: 'Practitioner/i' },
        status: 'accepted',
      },
      { actor: { reference: 'Practitioner/c' }, status: 'accepted' },
      { actor: { reference: 'Location/site' }, status: 'accepted' },
      { actor: { reference: 'Location/room' }, status: 'accepted' },
    ],
    ...change,
  }
}

function stateOf(change: Partial<Appointment>) {
  return visitState(visitFrom(appointment(change), new Map()), NOW)
}

const held = (until: string) => [{ url: EXTENSION.heldUntil, valueInstant: until }]
const FUTURE = '2026-11-22T12:05:00Z'
const PAST = '2026-11-22T11:55:00Z'

test.each([
  ['held', { status: 'pending', extension: held(FUTURE) }],
  ['hold-expired', { status: 'pending', extension: held(PAST) }],
  ['hold-expired', { status: 'pending', extension: held('2026-11-22T12:00:00Z') }],
  ['requested', { status: 'pending', extension: [] }],
  ['booked', {}],
  ['over', { start: '2026-11-22T10:00:00Z', end: '2026-11-22T10:20:00Z' }],
  ['took-place', { status: 'fulfilled' }],
  ['missed', { status: 'noshow' }],
  ['cancelled', { status: 'cancelled', extension: [{ url: EXTENSION.cancelledBy, valueCode: 'clinic' }] }],
] as const)('tells %s as it is stored', (expected, change) => {
  expect(stateOf(change as Partial<Appointment>)).toBe(expected)
})

test('a hold that was cleared away is not told as a visit that somebody cancelled', () => {
  expect(stateOf({ status: 'cancelled', extension: held(PAST) })).toBe('hold-expired')
})

test('the interpreter is not taken for the clinician, nor the room for the site', () => {
  const visit = visitFrom(
    appointment(),
    byReference([
      { resourceType: 'Practitioner', id: 'i' },
      { resourceType: 'Practitioner', id: 'c' },
      { resourceType: 'Location', id: 'site' },
      { resourceType: 'Location', id: 'room' },
    ]),
  )
  expect(visit.clinician?.id).toBe('c')
  expect(visit.interpreter?.id).toBe('i')
  expect(visit.site?.id).toBe('site')
  expect(visit.room?.id).toBe('room')
})

test('only a booked visit that has not begun can be changed', () => {
  const of = (change: Partial<Appointment>) => visitFrom(appointment(change), new Map())
  expect(isChangeable(of({}), NOW)).toBe(true)
  expect(isChangeable(of({ start: '2026-11-22T12:00:00Z' }), NOW)).toBe(false)
  expect(isChangeable(of({ status: 'cancelled' }), NOW)).toBe(false)
})
