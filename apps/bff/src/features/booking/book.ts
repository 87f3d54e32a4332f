import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, getExtension, type Versioned } from '@openward/fhir-client'
import { type BookInput, occupiedBy, parseParameters, type Refusal } from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { forbidden, invalidInput, notFound, touchOf, visitsAnswer } from './answers.ts'
import {
  answerWith,
  type CalendarState,
  changeCalendars,
  type Decision,
  lookAtCalendars,
  refuseUnlessServed,
  refuseWith,
} from './calendar.ts'
import { CalendarWrites } from './calendar-writes.ts'
import { type Choice, chooser } from './choose.ts'
import { actorsToFree, clearHolds, holdsInTheWay, readHoldsOf, slotsOf } from './freed.ts'
import { holdState } from './hold-state.ts'
import { type RememberedRequest, rememberRequest } from './idempotency.ts'
import { changedMeanwhile, mayBeMoved, type Movable, readMovable } from './may-be-changed.ts'
import { noticeOf } from './notice.ts'
import { type PatientFacts, readPatientFacts } from './patient-facts.ts'
import { actingFor, isBookingStaff } from './permission.ts'
import { readVisit } from './read-visit.ts'
import { writeSlots } from './visit.ts'
import { calendarActorsOf } from './visit-state.ts'
import {
  actorsOf,
  isRefusal,
  type Offer,
  rangeOf,
  readOffer,
  readOfferNow,
  takenFrom,
  type Wish,
  wishFrom,
} from './wish.ts'
import { wishOfVisit } from './wish-of-visit.ts'
import { type BookedParts, writeVisit } from './write-visit.ts'

export type BookingAsked = {
  context: OperationContext
  input: BookInput
  request: RememberedRequest
  /** What a hold must be for, when it is named by a move. */
  moves?: string
  /** The version of the visit to be moved that the person saw. */
  version?: string | undefined
  status: 200 | 201
}
/** `isLost`: the visit that a hold would move is not there, or not for the caller. */
type Parts = BookedParts & { notice?: Movable['notice']; isLost?: boolean }

async function readParts({ context, input, moves }: BookingAsked): Promise<Parts> {
  const held = input.hold === undefined ? undefined : await readVisit(context, input.hold)
  const replaces = held && getExtension(held, EXTENSION.replaces)?.valueReference?.reference
  if (moves !== undefined && replaces !== moves) return { held: undefined }
  if (replaces === undefined) return { held }
  const movable = await readMovable(context, replaces)
  return movable ? { held, original: movable.visit, notice: movable.notice } : { held, isLost: true }
}

function wishOf(input: BookInput, { held }: Parts): Wish | undefined {
  if (input.opening !== undefined && input.patient !== undefined)
    return wishFrom(input.opening, input.patient)
  return held && wishOfVisit(held)
}

/** One look at the calendars for booking a hold or an opening; also for a move that was held. */
export async function lookAtBooking(asked: BookingAsked): Promise<Decision> {
  const { context, input, request } = asked
  const now = context.now()
  const first = await readParts(asked)
  const wish = wishOf(input, first)
  if (wish === undefined) return answerWith(notFound(context))
  if (input.patient !== undefined && input.patient !== wish.patient) return answerWith(notFound(context))
  const [expected, known] = await Promise.all([readOffer(context, wish), readHoldsOf(context, wish.patient)])
  const again = (visits: Versioned<Appointment>[]) =>
    visitsAnswer(visits, touchOf('create', wish.patient, visits), asked.status)
  if (isRefusal(expected)) return refuseUnlessServed(context, request, expected, again)
  const seen = await lookAtCalendars(context, {
    actors: [...actorsOf(wish, expected), ...actorsToFree(known, now), ...actorsOfParts(first)],
    takesFrom: takenFrom(wish),
    range: rangeOf(wish, expected),
    request,
    again,
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
  if ('kind' in seen) return seen
  return decide(asked, { ...seen.also, wish, state: seen.state, now })
}

type Seen = {
  wish: Wish
  state: CalendarState
  now: number
  offer: Offer | Refusal
  facts: PatientFacts | undefined
  holds: Versioned<Appointment>[]
  parts: Parts
}

/** Why what is booked from, or moved, cannot be any more. */
function partsRefusal({ context, version }: BookingAsked, { parts, wish }: Seen): Refusal | undefined {
  const { original, notice } = parts
  if (original === undefined || notice === undefined) return undefined
  if (version !== undefined && version !== original.meta.versionId) return changedMeanwhile(original)
  const movable = mayBeMoved(context, original, { notice, service: wish.service })
  return movable.ok ? undefined : movable
}

async function decide(asked: BookingAsked, seen: Seen): Promise<Decision> {
  const { context, input } = asked
  const { wish, state, now, offer, facts, parts } = seen
  if (actorsOfParts(parts).some((actor) => !state.calendars.has(actor))) return { kind: 'again' }
  const stale = parts.held && holdState(parts.held, now)
  if (stale) return refuseWith(context, stale)
  if (parts.isLost === true) return answerWith(notFound(context))
  if (isRefusal(offer)) return refuseWith(context, offer)
  if (facts === undefined) return refuseWith(context, { ok: false, reason: 'not-bookable' })
  const immovable = partsRefusal(asked, seen)
  if (immovable) return refuseWith(context, immovable)
  const verdict = chooser(wish, offer, facts, state, {
    now,
    ignore: new Set([parts.held?.id, parts.original?.id].filter((id) => id !== undefined)),
    mayOverlap: input.overrideReason !== undefined,
    isHeld: parts.held !== undefined,
  })(wish.startsMs[0] ?? Number.NaN)
  if (!verdict.ok) return refuseWith(context, verdict)
  return write(asked, seen, { offer, choice: verdict, display: facts.display })
}

async function write(
  asked: BookingAsked,
  { wish, state, now, holds, parts }: Seen,
  { offer, choice, display }: { offer: Offer; choice: Choice; display: string | undefined },
): Promise<Decision> {
  const { context, status } = asked
  const writes = new CalendarWrites()
  const slot = writeSlots(writes, { calendars: state.calendars, offer, wish, choice })
  const person = { reference: wish.patient, display }
  const reference = writeVisit(asked, { writes, parts, offer, choice, slot, person })
  writes.lock(state.calendars, actorsOfParts(parts))
  const freed = [parts.held, parts.original].filter((one) => one !== undefined)
  for (const one of await slotsOf(context, state, freed)) writes.deleteSlot(one)
  const spans = [occupiedBy(choice.startMs, offer.rules)]
  const own = holds.filter(({ id }) => id !== parts.held?.id)
  const inTheWay = holdsInTheWay(state, { own, actors: actorsOf(wish, offer), spans, now })
  if (!(await clearHolds(context, state, writes, inTheWay))) return { kind: 'again' }
  writes.create(noticeOf(parts.original ? 'moved' : 'booked', reference, wish.patient, now))
  return {
    kind: 'write',
    writes,
    touch: touchOf('create', wish.patient, [reference]),
    answer: (stored) => visitsAnswer(stored.slice(0, 1), touchOf('create', wish.patient, stored), status),
  }
}

function actorsOfParts({ held, original }: Parts): string[] {
  return [held, original].flatMap((one) => (one === undefined ? [] : calendarActorsOf(one)))
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
  return changeCalendars(context, () => lookAtBooking({ context, input, request, status: 201 }), request)
}
