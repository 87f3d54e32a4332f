import type { Appointment, Slot } from '@medplum/fhirtypes'
import { EXTENSION, getExtension, parseReference } from '@openward/fhir-client'

/** Appointments that take time from everybody in them. */
export const LIVE_STATUSES = ['proposed', 'pending', 'booked', 'arrived', 'checked-in'] as const
const LIVE: ReadonlySet<string> = new Set(LIVE_STATUSES)

export function isLive(appointment: Appointment): boolean {
  return LIVE.has(appointment.status)
}

/** Until when a hold, or its Slot, takes time; undefined when it is not a hold of ours. */
export function heldUntilMs(of: Appointment | Slot): number | undefined {
  const instant = getExtension(of, EXTENSION.heldUntil)?.valueInstant
  return instant === undefined ? undefined : Date.parse(instant)
}

export function isHold(appointment: Appointment): boolean {
  return appointment.status === 'pending' && heldUntilMs(appointment) !== undefined
}

/** A pending Appointment without an end is somebody else's request, and takes its time until it is decided. */
export function isExpiredHold(appointment: Appointment, now: number): boolean {
  const until = heldUntilMs(appointment)
  return appointment.status === 'pending' && until !== undefined && until <= now
}

/** References of everybody whose calendar the Appointment takes. The site is not one of them: only its rooms are. */
export function calendarActorsOf(appointment: Appointment): string[] {
  const site = siteOf(appointment)
  const actors = new Set<string>()
  for (const { actor, status } of appointment.participant) {
    const parsed = parseReference(actor?.reference)
    if (parsed === undefined || status === 'declined') continue
    const reference = `${parsed.type}/${parsed.id}`
    if (parsed.type === 'Practitioner' || parsed.type === 'Patient') actors.add(reference)
    if (parsed.type === 'Location' && reference !== site) actors.add(reference)
  }
  return [...actors]
}

/** The first Location named is the site; a room comes after it. */
export function siteOf(appointment: Appointment): string | undefined {
  return participantsOfType(appointment, 'Location')[0]
}

export function participantsOfType(appointment: Appointment, type: string): string[] {
  return appointment.participant
    .map(({ actor }) => actor?.reference)
    .filter((reference): reference is string => reference?.startsWith(`${type}/`) === true)
}

export function slotIdsOf(appointment: Appointment): string[] {
  return (appointment.slot ?? []).flatMap((slot) => {
    const parsed = parseReference(slot.reference)
    return parsed?.type === 'Slot' ? [parsed.id] : []
  })
}

export function sequenceOf(appointment: Appointment): number {
  return getExtension(appointment, EXTENSION.sequence)?.valueInteger ?? 0
}

export function timeZoneOf(appointment: Appointment): string | undefined {
  return getExtension(appointment, EXTENSION.timeZone)?.valueCode
}

/** The one whom a visit that was booked here is for; of a visit for several, whoever is named first. */
export function patientOf(appointment: Appointment): string | undefined {
  return patientsOf(appointment)[0]
}

/** Everybody whom a visit is for: visits of other systems may be for several. */
export function patientsOf(appointment: Appointment): string[] {
  return [...new Set(participantsOfType(appointment, 'Patient'))]
}
