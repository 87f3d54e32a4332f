import { decideOperation, type Role, ROLES } from '@openward/access'
import { describe, expect, test } from 'vitest'

import { patientCaller, staffCaller } from '#/testing/booking-calls.ts'
import { bookingOperations } from './operations.ts'
import { actingFor, mayCloseSite, mayLookForOpenings, maySetLeave } from './permission.ts'

const PATIENT = 'Patient/a'
const STAFF: readonly Role[] = ['administrator', 'care-manager', 'clinician', 'scheduler', 'supervisor']

function callerOf(role: Role) {
  return role === 'patient' ? patientCaller(PATIENT) : staffCaller(role)
}

describe.each(ROLES)('a %s', (role) => {
  const caller = callerOf(role)

  test('acts for others exactly when staff who book, and for themselves as a patient', () => {
    const expected = STAFF.includes(role) ? 'clinic' : role === 'patient' ? 'patient' : undefined
    expect(actingFor(caller, PATIENT)).toBe(expected)
    expect(actingFor(caller, 'Patient/b')).toBe(STAFF.includes(role) ? 'clinic' : undefined)
  })

  test('is let into an operation exactly when booking serves the role', () => {
    const own = caller.fhirUser
    for (const { type, name } of bookingOperations) {
      const isServed =
        type === 'Appointment'
          ? mayLookForOpenings(caller) && actingFor(caller, PATIENT) !== undefined
          : type === 'Schedule'
            ? maySetLeave(caller, [own])
            : mayCloseSite(caller)
      const request = { type, name, patientIds: [] }
      expect([name, decideOperation(caller, request).outcome !== 'refuse']).toEqual([name, isServed])
    }
  })
})

test('a proxy acts for the people in their reach, whose visits they may see, and for nobody else', () => {
  const proxy = patientCaller(PATIENT, 'Patient/child')
  const limited = {
    ...proxy,
    people: proxy.people.map((one) => ({ ...one, resourceTypes: ['Observation'] })),
  }
  expect(actingFor(proxy, 'Patient/child')).toBe('proxy')
  expect(actingFor(proxy, 'Patient/other')).toBeUndefined()
  expect(actingFor(limited, 'Patient/child')).toBeUndefined()
})
