import type { Appointment, Identifier } from '@medplum/fhirtypes'
import { EXTENSION, type Versioned, withExtension } from '@openward/fhir-client'
import type { BookInput } from '@openward/scheduling'

import type { OperationContext } from '#/lib/operation.ts'

import type { CalendarWrites } from './calendar-writes.ts'
import type { Choice } from './choose.ts'
import { withoutTime } from './freed.ts'
import { type RememberedRequest, withRequest } from './idempotency.ts'
import { movedVisit } from './move.ts'
import { commonFields, participantsOf, timeOf } from './visit.ts'
import { withDetails } from './visit-details.ts'
import type { Offer } from './wish.ts'

type Person = { reference: string; display?: string | undefined }
type Made = { offer: Offer; choice: Choice; slot: { reference: string }[]; person: Person }
/** What a booking starts from: a hold, and the visit that it moves. */
export type BookedParts = {
  held?: Versioned<Appointment> | undefined
  original?: Versioned<Appointment> | undefined
}

function bookedFields({ offer, choice, slot, person }: Made) {
  const { extension: _own, ...common } = commonFields(offer)
  return {
    ...common,
    ...timeOf(offer, choice.startMs),
    status: 'booked' as const,
    participant: participantsOf(offer, choice, person, 'accepted'),
    slot,
  }
}

/** A visit that was not held before. */
export function newVisit(context: OperationContext, made: Made, identifier: Identifier[]): Appointment {
  return {
    resourceType: 'Appointment',
    extension: [
      ...commonFields(made.offer).extension,
      { url: EXTENSION.sequence, valueInteger: 0 },
      { url: EXTENSION.bookedBy, valueReference: { reference: context.caller.fhirUser } },
    ],
    identifier,
    created: new Date(context.now()).toISOString(),
    ...bookedFields(made),
  }
}

/** The hold becomes the visit; a hold for a move is used up and the original moves; without a hold the visit is new. */
export function writeVisit(
  asked: { context: OperationContext; input: BookInput; request: RememberedRequest },
  booked: Made & { writes: CalendarWrites; parts: BookedParts },
): string {
  const { context, input, request } = asked
  const { writes, parts, person } = booked
  if (parts.original !== undefined && parts.held !== undefined) {
    const moved = movedVisit(parts.original, { ...booked, request, display: person.display })
    const reference = writes.updateAppointment(withDetails(moved, input))
    writes.updateHold(withoutTime(parts.held))
    return reference
  }
  if (parts.held !== undefined) {
    const held = withExtension(parts.held, EXTENSION.heldUntil, undefined)
    const identifier = withRequest(held.identifier, request)
    return writes.updateAppointment(withDetails({ ...held, ...bookedFields(booked), identifier }, input))
  }
  return writes.createAppointment(
    withDetails(newVisit(context, booked, withRequest(undefined, request)), input),
  )
}
