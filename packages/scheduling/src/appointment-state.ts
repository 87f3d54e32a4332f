import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'

export type AppointmentStatus = Appointment['status']

/** On whose behalf a change is made. A proxy acts for the patient by Consent; the worker is the nightly process. */
export type Actor = 'patient' | 'proxy' | 'clinic' | 'worker'

const PERSON = ['patient', 'proxy'] as const
const VISITOR_OR_CLINIC = [...PERSON, 'clinic'] as const
const ANYONE = [...VISITOR_OR_CLINIC, 'worker'] as const
const CLINIC = ['clinic'] as const

type Transitions = Partial<Record<AppointmentStatus, readonly Actor[]>>

/**
 * Which status may follow which, and by whom; what is not here is refused. Nothing comes back from cancelled, fulfilled or noshow to booked: a new visit is
 * a new Appointment. A visit may be checked in (forms done at home) before it arrives.
 * @see https://hl7.org/fhir/R4/valueset-appointmentstatus.html
 */
export const STATUS_TRANSITIONS: Readonly<Record<AppointmentStatus, Transitions>> = {
  proposed: { pending: VISITOR_OR_CLINIC, booked: VISITOR_OR_CLINIC, cancelled: ANYONE },
  pending: { booked: VISITOR_OR_CLINIC, cancelled: ANYONE },
  waitlist: {
    proposed: ['clinic', 'worker'],
    pending: VISITOR_OR_CLINIC,
    booked: VISITOR_OR_CLINIC,
    cancelled: ANYONE,
  },
  booked: {
    arrived: CLINIC,
    'checked-in': VISITOR_OR_CLINIC,
    cancelled: VISITOR_OR_CLINIC,
    noshow: ['clinic', 'worker'],
    'entered-in-error': CLINIC,
  },
  'checked-in': {
    arrived: CLINIC,
    fulfilled: CLINIC,
    cancelled: VISITOR_OR_CLINIC,
    noshow: ['clinic', 'worker'],
    'entered-in-error': CLINIC,
  },
  arrived: { 'checked-in': CLINIC, fulfilled: CLINIC, cancelled: CLINIC, 'entered-in-error': CLINIC },
  noshow: { arrived: CLINIC, 'entered-in-error': CLINIC },
  fulfilled: { 'entered-in-error': CLINIC },
  cancelled: { 'entered-in-error': CLINIC },
  'entered-in-error': {},
}

/** Whether this actor may take a visit from one status to another (`STATUS_TRANSITIONS`). Staying as it is, is not a change. */
export function mayChangeStatus(from: AppointmentStatus, to: AppointmentStatus, by: Actor): boolean {
  return STATUS_TRANSITIONS[from][to]?.includes(by) ?? false
}

/** How long a hold lasts; fixed when it is made, no later write extends it. */
export const HOLD_MINUTES = 10

/** True for a `pending` Appointment whose `held-until` is at or before `now`, or is missing or unreadable: such time is free for every reader. */
export function isHoldExpired(appointment: Appointment, now: number): boolean {
  if (appointment.status !== 'pending') return false
  const heldUntilMs = Date.parse(getExtension(appointment, EXTENSION.heldUntil)?.valueInstant ?? '')
  return !(heldUntilMs > now)
}
