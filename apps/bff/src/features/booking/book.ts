import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, getExtension, type Versioned, withExtension } from '@openward/fhir-client'
import { type BookInput, occupiedBy, parseParameters, type Refusal } from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { forbidden, invalidInput, notFound, touchOf, visitsAnswer } from './answers.ts'
import {
  answerWith,
  changeCalendars,
  type Decision,
  lookAtCalendars,
  refuseUnlessServed,
  refuseWith,
  servedAnswer,
} from './calendar.ts'
import { CalendarWrites } from './calendar-writes.ts'
import { type Choice, chooser } from './choose.ts'
import { actorsToFree, clearHolds, expiredHoldsIn, readHoldsOf, slotsOf, withoutTime } from './freed.ts'
import { type RememberedRequest, rememberRequest, withRequest } from './idempotency.ts'
import { mayBeChanged } from './may-be-changed.ts'
import { movedVisit } from './move.ts'
import { noticeOf } from './notice.ts'
import { readPatientFacts } from './patient-facts.ts'
import { actingFor, isBookingStaff } from './permission.ts'
import { readVisit } from './read-visit.ts'
import { commonFields, participantsOf, timeOf, writeSlots } from './visit.ts'
import { calendarActorsOf, isExpiredHold, isHold } from './visit-state.ts'
import {
  actorsOf,
  isRefusal,
  type Offer,
  rangeOf,
  readOffer,
  readOfferNow,
  type Wish,
  wishFrom,
} from './wish.ts'
import { withDetails } from './visit-details.ts'
import { wishOfVisit } from './wish-of-visit.ts'

type Asked = { context: OperationContext; input: BookInput; request: RememberedRequest }
/** `isLost`: the visit that a hold would move is not there, or not for the caller. */
type Parts = {
  isLost?: boolean
  held?: Versioned<Appointment> | undefined
  original?: Versioned<Appointment> | undefined
}

/** What stands at the end of a link that cannot be booked from any more. */
function holdState(held: Appointment, now: number): Refusal | undefined {
  if (isHold(held)) return isExpiredHold(held, now) ? { ok: false, reason: 'hold-expired' } : undefined
  if (held.status !== 'cancelled')
    return { ok: false, reason: 'used-link', parameters: { status: held.status } }
  const until = getExtension(held, EXTENSION.heldUntil)?.valueInstant
  if (until === undefined) return { ok: false, reason: 'already-cancelled' }
  return { ok: false, reason: Date.parse(until) <= now ? 'hold-expired' : 'used-link' }
}

async function readParts({ context, input }: Asked): Promise<Parts> {
  const held = input.hold === undefined ? undefined : await readVisit(context, input.hold)
  const replaces = held && getExtension(held, EXTENSION.replaces)?.valueReference?.reference
  if (replaces === undefined) return { held }
  const original = await readVisit(context, replaces)
  return { held, original, isLost: original === undefined }
}

function wishOf(input: BookInput, { held }: Parts): Wish | undefined {
  if (input.opening !== undefined && input.patient !== undefined)
    return wishFrom(input.opening, input.patient)
  return held && wishOfVisit(held)
}

async function look(asked: Asked): Promise<Decision> {
  const { context, input, request } = asked
  const now = context.now()
  const first = await readParts(asked)
  const wish = wishOf(input, first)
  if (wish === undefined) return answerWith(notFound(context))
  if (input.patient !== undefined && input.patient !== wish.patient) return answerWith(notFound(context))
  const [expected, known] = await Promise.all([readOffer(context, wish), readHoldsOf(context, wish.patient)])
  const again = (visits: Versioned<Appointment>[]) =>
    visitsAnswer(visits, touchOf('create', wish.patient, visits), 201)
  if (isRefusal(expected)) return refuseUnlessServed(context, request, expected, again)
  const { state, served, also } = await lookAtCalendars(context, {
    actors: [...actorsOf(wish, expected), ...actorsToFree(known, now), ...actorsOfParts(first)],
    range: rangeOf(wish, expected),
    request,
    also: async () => {
      const [offer, facts, holds, parts] = await Promise.all([
        readOfferNow(context, wish),
        readPatientFacts(context, wish.patient, expected.directory.service, expected.rules.referralRequired),
        readHoldsOf(context, wish.patient),
        readParts(asked),
      ])
      return { offer, facts, holds, parts }
    },
  })
  const earlier = servedAnswer(context, served, again)
  if (earlier) return earlier
  const { offer, facts, holds, parts } = also
  if (actorsOfParts(parts).some((actor) => !state.calendars.has(actor))) return { kind: 'again' }
  const stale = parts.held && holdState(parts.held, now)
  if (stale) return refuseWith(context, stale)
  if (parts.isLost === true) return answerWith(notFound(context))
  if (isRefusal(offer)) return refuseWith(context, offer)
  if (facts === undefined) return refuseWith(context, { ok: false, reason: 'not-bookable' })
  const movable = parts.original && mayBeChanged(context, parts.original, offer.rules)
  if (movable && !movable.ok) return refuseWith(context, movable)
  const verdict = chooser(wish, offer, facts, state, {
    now,
    ignore: new Set([parts.held?.id, parts.original?.id].filter((id) => id !== undefined)),
    mayOverlap: input.overrideReason !== undefined,
    isHeld: parts.held !== undefined,
  })(wish.startsMs[0] ?? Number.NaN)
  if (!verdict.ok) return refuseWith(context, verdict)

  const writes = new CalendarWrites()
  const slot = writeSlots(writes, { calendars: state.calendars, offer, wish, choice: verdict })
  const reference = writeVisit(asked, {
    writes,
    parts,
    offer,
    wish,
    choice: verdict,
    slot,
    display: facts.display,
  })
  writes.lock(state.calendars, actorsOfParts(parts))
  const freed = [parts.held, parts.original].filter((one) => one !== undefined)
  for (const one of await slotsOf(context, state, freed)) writes.deleteSlot(one)
  const occupied = occupiedBy(verdict.startMs, offer.rules)
  const ownInTheWay = holds.filter((one) => overlapsVisit(one, occupied))
  const inTheWay = expiredHoldsIn(state, actorsOf(wish, offer), occupied, now)
  const others = [...ownInTheWay, ...inTheWay].filter(({ id }) => id !== parts.held?.id)
  if (!(await clearHolds(context, state, writes, others))) return { kind: 'again' }
  writes.create(noticeOf(parts.original ? 'moved' : 'booked', reference, wish.patient, now))
  writes.create(context.auditEvent(touchOf('create', wish.patient, [reference])))
  return {
    kind: 'write',
    writes,
    answer: (stored) => visitsAnswer(stored.slice(0, 1), touchOf('create', wish.patient, stored), 201),
  }
}

function overlapsVisit(one: Appointment, span: { startMs: number; endMs: number }): boolean {
  return Date.parse(one.start ?? '') < span.endMs && span.startMs < Date.parse(one.end ?? '')
}

function actorsOfParts({ held, original }: Parts): string[] {
  return [held, original].flatMap((one) => (one === undefined ? [] : calendarActorsOf(one)))
}

type Booked = {
  writes: CalendarWrites
  parts: Parts
  offer: Offer
  wish: Wish
  choice: Choice
  slot: { reference: string }[]
  display: string | undefined
}

/** The hold becomes the visit; a hold for a move is used up and the original moves; without a hold the visit is new. */
function writeVisit({ context, input, request }: Asked, booked: Booked): string {
  const { writes, parts, offer, choice, slot } = booked
  if (parts.original !== undefined && parts.held !== undefined) {
    const moved = movedVisit(parts.original, { ...booked, request })
    const reference = writes.updateAppointment(withDetails(moved, input))
    writes.updateHold(withoutTime(parts.held))
    return reference
  }
  const now = new Date(context.now()).toISOString()
  const { extension, ...common } = commonFields(offer)
  const patient = { reference: booked.wish.patient, display: booked.display }
  const fields = {
    ...common,
    ...timeOf(offer, choice.startMs),
    status: 'booked' as const,
    participant: participantsOf(offer, choice, patient, 'accepted'),
    slot,
  }
  if (parts.held !== undefined) {
    const held = withExtension(parts.held, EXTENSION.heldUntil, undefined)
    const identifier = withRequest(held.identifier, request)
    return writes.updateAppointment(withDetails({ ...held, ...fields, identifier }, input))
  }
  return writes.createAppointment(
    withDetails(
      {
        resourceType: 'Appointment',
        extension: [
          ...extension,
          { url: EXTENSION.sequence, valueInteger: 0 },
          { url: EXTENSION.bookedBy, valueReference: { reference: context.caller.fhirUser } },
        ],
        identifier: withRequest(undefined, request),
        created: now,
        ...fields,
      },
      input,
    ),
  )
}

/** Books a hold, or an opening at once. */
export async function book(context: OperationContext, { body }: OperationInput): Promise<OperationAnswer> {
  const parsed = parseParameters('$book', body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  const { input } = parsed
  const by = input.patient === undefined ? undefined : actingFor(context.caller, input.patient)
  if (input.patient !== undefined && by === undefined) return forbidden(context)
  if (input.overrideReason !== undefined && !isBookingStaff(context.caller)) return forbidden(context)
  const request = rememberRequest(context, '$book', input)
  return changeCalendars(context, () => look({ context, input, request }))
}
