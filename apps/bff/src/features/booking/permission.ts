import type { Appointment } from '@medplum/fhirtypes'
import { BOOKING_STAFF, type Caller, type Role } from '@openward/access'
import type { Actor } from '@openward/scheduling'

import { patientsOf } from './visit-state.ts'

/** Roles that set anybody's leave. */
const CALENDAR_STAFF: ReadonlySet<Role> = new Set(['scheduler', 'administrator', 'supervisor'])

export function isBookingStaff(caller: Caller): boolean {
  return caller.roles.some((role) => BOOKING_STAFF.includes(role))
}

/** Clinicians keep their own calendar. */
export function maySetLeave(caller: Caller, actors: readonly string[]): boolean {
  if (caller.roles.some((role) => CALENDAR_STAFF.has(role))) return true
  const isClinician = caller.roles.includes('clinician') || caller.roles.includes('home-clinician')
  return isClinician && actors.includes(caller.fhirUser)
}

export function mayCloseSite(caller: Caller): boolean {
  return caller.roles.includes('administrator')
}

/** Whoever may book at all may look for openings. */
export function mayLookForOpenings(caller: Caller): boolean {
  return isBookingStaff(caller) || caller.roles.includes('patient')
}

/** In which capacity the caller acts for this patient; undefined when they may not. */
export function actingFor(caller: Caller, patient: string | undefined): Actor | undefined {
  if (patient === undefined) return undefined
  if (isBookingStaff(caller)) return 'clinic'
  if (!caller.roles.includes('patient')) return undefined
  const person = caller.people.find((one) => `Patient/${one.patientId}` === patient)
  if (person === undefined) return undefined
  if (!person.resourceTypes.includes('*') && !person.resourceTypes.includes('Appointment')) return undefined
  return person.relationship === 'self' ? 'patient' : 'proxy'
}

/** In which capacity the caller acts for somebody who takes part in a visit; undefined when they may not see it. */
export function actingInVisit(caller: Caller, visit: Appointment): Actor | undefined {
  for (const patient of patientsOf(visit)) {
    const by = actingFor(caller, patient)
    if (by !== undefined) return by
  }
  return undefined
}
