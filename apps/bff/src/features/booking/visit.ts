import type { Appointment, AppointmentParticipant, Extension, Slot } from '@medplum/fhirtypes'
import { EXTENSION } from '@openward/fhir-client'
import { HOLD_MINUTES, occupiedBy, toInstantWithOffset, visitSpan } from '@openward/scheduling'

import type { CalendarWrites } from './calendar-writes.ts'
import { type Calendars, writableCalendar } from './calendars.ts'
import type { Choice } from './choose.ts'
import type { Offer, Wish } from './wish.ts'

type Time = Pick<Appointment, 'start' | 'end' | 'minutesDuration'>

function refer(reference: string, display: string | undefined): NonNullable<AppointmentParticipant['actor']> {
  return { reference, ...(display ? { display } : {}) }
}

/** Start and end as instants with the site's offset. */
export function timeOf(offer: Pick<Offer, 'rules' | 'site'>, startMs: number): Required<Time> {
  const span = visitSpan(startMs, offer.rules)
  const { timeZone } = offer.site.site
  return {
    start: toInstantWithOffset(span.startMs, timeZone),
    end: toInstantWithOffset(span.endMs, timeZone),
    minutesDuration: offer.rules.durationMinutes,
  }
}

/** Everybody who takes part, the site before the room and the clinician before the interpreter: who comes first says which is which. */
export function participantsOf(
  offer: Offer,
  choice: Choice,
  patient: { reference: string; display?: string | undefined } | undefined,
  status: AppointmentParticipant['status'],
): AppointmentParticipant[] {
  const room = offer.rooms?.find(({ reference }) => reference === choice.room)
  const interpreter = offer.interpreters?.find(({ practitioner }) => practitioner === choice.interpreter)
  const { directory, clinician, site } = offer
  const actors = [
    ...(patient ? [refer(patient.reference, patient.display)] : []),
    refer(clinician.practitioner, clinician.display),
    refer(site.reference, site.display),
    ...(room ? [refer(room.reference, room.display)] : []),
    ...(interpreter ? [refer(interpreter.practitioner, interpreter.display)] : []),
    refer(directory.reference, directory.service.name),
  ]
  return actors.map((actor) => ({ actor, status }))
}

/** What any Appointment of an offer has, proposed or booked. */
export function commonFields(
  offer: Offer,
): Pick<Appointment, 'serviceType' | 'specialty'> & { extension: Extension[] } {
  const { type, specialty } = offer.directory.service
  return {
    ...(type ? { serviceType: type } : {}),
    ...(specialty ? { specialty } : {}),
    extension: [
      { url: EXTENSION.visitMode, valueCode: offer.visitMode },
      { url: EXTENSION.timeZone, valueCode: offer.site.site.timeZone },
    ],
  }
}

/** The end of a hold made now: fixed, no later write moves it. */
export function holdEnd(now: number): string {
  return new Date(now + HOLD_MINUTES * 60_000).toISOString()
}

/** Writes the Slots of a choice, one per calendar, and locks these calendars. Clinician and room are taken with buffers. */
export function writeSlots(
  writes: CalendarWrites,
  of: {
    calendars: Calendars
    offer: Offer
    wish: Wish
    choice: Choice
    /** Makes them a hold. */
    heldUntil?: string
  },
): { reference: string }[] {
  const { calendars, offer, wish, choice } = of
  const visit = visitSpan(choice.startMs, offer.rules)
  const occupied = occupiedBy(choice.startMs, offer.rules)
  const spans = [
    { actor: wish.practitioner, span: occupied },
    { actor: wish.patient, span: visit },
    ...(choice.room ? [{ actor: choice.room, span: occupied }] : []),
    ...(choice.interpreter ? [{ actor: choice.interpreter, span: visit }] : []),
  ]
  writes.lock(
    calendars,
    spans.map(({ actor }) => actor),
  )
  const { timeZone } = offer.site.site
  return spans.map(({ actor, span }) => {
    const schedule = writableCalendar(calendars, actor)
    if (schedule === undefined) throw new TypeError('A calendar was not read before its time was taken')
    const slot: Slot = {
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${schedule.id}` },
      ...(offer.directory.service.type ? { serviceType: offer.directory.service.type } : {}),
      status: of.heldUntil === undefined ? 'busy' : 'busy-tentative',
      start: toInstantWithOffset(span.startMs, timeZone),
      end: toInstantWithOffset(span.endMs, timeZone),
      ...(of.heldUntil === undefined
        ? {}
        : { extension: [{ url: EXTENSION.heldUntil, valueInstant: of.heldUntil }] }),
    }
    return { reference: writes.createSlot(slot) }
  })
}
