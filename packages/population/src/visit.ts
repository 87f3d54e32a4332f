import type { Appointment, AppointmentParticipant, Extension, Slot } from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM } from '@openward/fhir-client/canonical'

import { DAY_MS, instantText, MINUTE_MS } from './dates.ts'
import type { Displays } from './displays.ts'
import { asTestData, concept, refer } from './resources.ts'
import { serviceRow } from './service-list.ts'

export type VisitStatus = 'booked' | 'checked-in' | 'arrived' | 'fulfilled' | 'cancelled' | 'noshow'

/** One planned visit, before it becomes resources. */
export type Visit = {
  id: string
  serviceCode: string
  /** Name of the service when it is not one that people book, such as a home visit. */
  serviceName?: string
  clinicianId: string
  patientId: string
  siteId: string
  timeZone: string
  startMs: number
  endMs: number
  /** The clinician's time, buffers included. */
  takenFromMs: number
  takenToMs: number
  status: VisitStatus
  mode?: 'in-person' | 'video'
  roomId?: string
  interpreterId?: string
  interpreterLanguage?: string
  reason?: string
  cancelledBy?: 'patient' | 'clinic'
  cancelReason?: { code: string; text: string }
}

/** True while the visit takes anybody's time. */
function isLive(visit: Visit): boolean {
  return visit.status !== 'cancelled' && visit.status !== 'noshow'
}

function participant(
  type: string,
  id: string,
  display: string | undefined,
  code?: string,
): AppointmentParticipant {
  const role = code === undefined ? [] : [concept(SYSTEM.role, code, code)]
  return {
    ...(role.length > 0 ? { type: role } : {}),
    actor: refer(type, id, display),
    required: 'required',
    status: 'accepted',
  } as AppointmentParticipant
}

function participantsOf(visit: Visit, displays: Displays): AppointmentParticipant[] {
  const shown = (type: string, id: string, code?: string) => participant(type, id, displays.of(id), code)
  const serviceId = `service-${visit.serviceCode}`
  return [
    shown('Patient', visit.patientId),
    shown('Practitioner', visit.clinicianId),
    shown('Location', visit.siteId),
    ...(visit.serviceName === undefined
      ? [participant('HealthcareService', serviceId, serviceRow(visit.serviceCode).name)]
      : []),
    ...(visit.roomId === undefined ? [] : [shown('Location', visit.roomId)]),
    ...(visit.interpreterId === undefined ? [] : [shown('Practitioner', visit.interpreterId, 'interpreter')]),
  ]
}

function extensionsOf(visit: Visit): Extension[] {
  return [
    ...(visit.mode === undefined ? [] : [{ url: EXTENSION.visitMode, valueCode: visit.mode }]),
    { url: EXTENSION.timeZone, valueCode: visit.timeZone },
    { url: EXTENSION.sequence, valueInteger: visit.status === 'cancelled' ? 1 : 0 },
    ...(visit.interpreterLanguage === undefined
      ? []
      : [{ url: EXTENSION.interpreterLanguage, valueCode: visit.interpreterLanguage }]),
    ...(visit.cancelledBy === undefined
      ? []
      : [{ url: EXTENSION.cancelledBy, valueCode: visit.cancelledBy }]),
  ]
}

type SlotSpan = { suffix: string; calendar: string; startMs: number; endMs: number }

function slotSpans(visit: Visit): SlotSpan[] {
  const whole = { startMs: visit.startMs, endMs: visit.endMs }
  return [
    {
      suffix: 'clinician',
      calendar: `calendar-practitioner-${visit.clinicianId}`,
      startMs: visit.takenFromMs,
      endMs: visit.takenToMs,
    },
    { suffix: 'patient', calendar: `calendar-patient-${visit.patientId}`, ...whole },
    ...(visit.roomId === undefined
      ? []
      : [{ suffix: 'room', calendar: `calendar-location-${visit.roomId}`, ...whole }]),
    ...(visit.interpreterId === undefined
      ? []
      : [{ suffix: 'interpreter', calendar: `calendar-practitioner-${visit.interpreterId}`, ...whole }]),
  ]
}

/** Taken time is written only for visits that are still to come or happen today: what is past blocks nobody. */
export function slotsOf(visit: Visit, fromMs: number): Slot[] {
  if (!isLive(visit) || visit.takenToMs < fromMs) return []
  return slotSpans(visit).map((span) =>
    asTestData<Slot>({
      resourceType: 'Slot',
      id: `${visit.id}-${span.suffix}`,
      schedule: refer('Schedule', span.calendar),
      status: 'busy',
      start: instantText(span.startMs, visit.timeZone),
      end: instantText(span.endMs, visit.timeZone),
    }),
  )
}

/** The visit as an Appointment; `fromMs` is the midnight that today began with. */
export function appointmentOf(visit: Visit, fromMs: number, displays: Displays): Appointment {
  const name = visit.serviceName ?? serviceRow(visit.serviceCode).name
  const slot = slotsOf(visit, fromMs).map(({ id }) => refer('Slot', id ?? ''))
  const bookedMs = Math.min(visit.startMs - 19 * DAY_MS, fromMs - DAY_MS / 3)
  return asTestData<Appointment>({
    resourceType: 'Appointment',
    id: visit.id,
    extension: extensionsOf(visit),
    status: visit.status,
    ...(visit.cancelReason
      ? {
          cancelationReason: concept(
            SYSTEM.cancellationReason,
            visit.cancelReason.code,
            visit.cancelReason.text,
          ),
        }
      : {}),
    serviceType: [concept(SYSTEM.serviceType, visit.serviceCode, name)],
    ...(visit.reason === undefined ? {} : { reasonCode: [{ text: visit.reason }] }),
    start: instantText(visit.startMs, visit.timeZone),
    end: instantText(visit.endMs, visit.timeZone),
    minutesDuration: Math.round((visit.endMs - visit.startMs) / MINUTE_MS),
    ...(slot.length > 0 ? { slot } : {}),
    created: instantText(bookedMs, visit.timeZone),
    participant: participantsOf(visit, displays),
  })
}
