import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, type Versioned } from '@openward/fhir-client'
import { type HoldInput, occupiedBy, parseParameters } from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { forbidden, invalidInput, notFound, touchOf, visitsAnswer } from './answers.ts'
import {
  answerWith,
  changeCalendars,
  type Decision,
  lookAtCalendars,
  refuseUnlessServed,
  refuseWith,
} from './calendar.ts'
import { CalendarWrites } from './calendar-writes.ts'
import { type Choice, chooser } from './choose.ts'
import { actorsToFree, clearHolds, holdsInTheWay, readHoldsOf } from './freed.ts'
import { type RememberedRequest, rememberRequest, withRequest } from './idempotency.ts'
import { mayBeMoved, readMovable } from './may-be-changed.ts'
import { readPatientFacts } from './patient-facts.ts'
import { actingFor } from './permission.ts'
import { tooManyHolds } from './repeated-holds.ts'
import { commonFields, holdEnd, participantsOf, timeOf, writeSlots } from './visit.ts'
import { patientsOf } from './visit-state.ts'
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

type Look = { context: OperationContext; input: HoldInput; wish: Wish; request: RememberedRequest }

function holdFrom(
  { context, input, request }: Look,
  offer: Offer,
  choice: Choice,
  heldUntil: string,
): Appointment {
  const { extension, ...common } = commonFields(offer)
  return {
    resourceType: 'Appointment',
    extension: [
      ...extension,
      { url: EXTENSION.heldUntil, valueInstant: heldUntil },
      { url: EXTENSION.sequence, valueInteger: 0 },
      { url: EXTENSION.bookedBy, valueReference: { reference: context.caller.fhirUser } },
      ...(input.replaces ? [{ url: EXTENSION.replaces, valueReference: { reference: input.replaces } }] : []),
    ],
    identifier: withRequest(undefined, request),
    status: 'pending',
    ...common,
    ...timeOf(offer, choice.startMs),
    created: new Date(context.now()).toISOString(),
    participant: participantsOf(offer, choice, { reference: input.patient }, 'tentative'),
  }
}

async function look(asked: Look): Promise<Decision> {
  const { context, input, wish, request } = asked
  const now = context.now()
  const [expected, known] = await Promise.all([readOffer(context, wish), readHoldsOf(context, input.patient)])
  const again = (visits: Versioned<Appointment>[]) =>
    visitsAnswer(visits, touchOf('create', input.patient, visits), 201)
  if (isRefusal(expected)) return refuseUnlessServed(context, request, expected, again)
  const seen = await lookAtCalendars(context, {
    actors: [...actorsOf(wish, expected), ...actorsToFree(known, now)],
    takesFrom: takenFrom(wish),
    range: rangeOf(wish, expected),
    request,
    again,
    also: async () => {
      const [offer, facts, holds, original, repeated] = await Promise.all([
        readOfferNow(context, wish),
        readPatientFacts(context, input.patient, expected.directory.service, expected.rules.referralRequired),
        readHoldsOf(context, input.patient),
        input.replaces === undefined ? undefined : readMovable(context, input.replaces),
        tooManyHolds(context, wish, rangeOf(wish, expected)),
      ])
      return { offer, facts, holds, original, repeated }
    },
  })
  if ('kind' in seen) return seen
  const { state } = seen
  const { offer, facts, holds, original, repeated } = seen.also
  if (isRefusal(offer)) return refuseWith(context, offer)
  if (facts === undefined) return refuseWith(context, { ok: false, reason: 'not-bookable' })
  if (input.replaces !== undefined && original === undefined) return answerWith(notFound(context))
  if (original !== undefined && !patientsOf(original.visit).includes(input.patient))
    return answerWith(notFound(context))
  const movable = original && mayBeMoved(context, original.visit, { ...original, service: wish.service })
  if (movable && !movable.ok) return refuseWith(context, movable)
  if (repeated !== undefined) return refuseWith(context, repeated)
  const ignore = new Set(original ? [original.visit.id] : [])
  const verdict = chooser(wish, offer, facts, state, { now, ignore })(wish.startsMs[0] ?? Number.NaN)
  if (!verdict.ok) return refuseWith(context, verdict)
  const writes = new CalendarWrites()
  const heldUntil = holdEnd(now)
  const appointment = holdFrom(asked, offer, verdict, heldUntil)
  const slot = writeSlots(writes, { calendars: state.calendars, offer, wish, choice: verdict, heldUntil })
  const reference = writes.createAppointment({ ...appointment, slot })
  const spans = [occupiedBy(verdict.startMs, offer.rules)]
  const inTheWay = holdsInTheWay(state, { own: [], actors: actorsOf(wish, offer), spans, now })
  if (!(await clearHolds(context, state, writes, [...holds, ...inTheWay]))) return { kind: 'again' }
  return {
    kind: 'write',
    writes,
    touch: touchOf('create', input.patient, [reference]),
    answer: (stored) => visitsAnswer(stored, touchOf('create', input.patient, stored), 201),
  }
}

/** Keeps an opening for ten minutes. */
export async function hold(context: OperationContext, { body }: OperationInput): Promise<OperationAnswer> {
  const parsed = parseParameters('$hold', body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  const { input } = parsed
  if (actingFor(context.caller, input.patient) === undefined) return forbidden(context)
  const request = rememberRequest(context, '$hold', input)
  const wish = wishFrom(input.opening, input.patient)
  return changeCalendars(context, () => look({ context, input, wish, request }), request)
}
