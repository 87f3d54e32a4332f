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
  servedAnswer,
} from './calendar.ts'
import { CalendarWrites } from './calendar-writes.ts'
import { type Choice, chooser } from './choose.ts'
import { actorsToFree, clearHolds, holdsInTheWay, readHoldsOf } from './freed.ts'
import { type RememberedRequest, rememberRequest, withRequest } from './idempotency.ts'
import { mayBeChanged } from './may-be-changed.ts'
import { readPatientFacts } from './patient-facts.ts'
import { actingFor } from './permission.ts'
import { readVisit } from './read-visit.ts'
import { commonFields, holdEnd, participantsOf, timeOf, writeSlots } from './visit.ts'
import { patientOf } from './visit-state.ts'
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
  const [expected, original, known] = await Promise.all([
    readOffer(context, wish),
    input.replaces === undefined ? undefined : readVisit(context, input.replaces),
    readHoldsOf(context, input.patient),
  ])
  const again = (visits: Versioned<Appointment>[]) =>
    visitsAnswer(visits, touchOf('create', input.patient, visits), 201)
  if (isRefusal(expected)) return refuseUnlessServed(context, request, expected, again)
  const { state, served, also } = await lookAtCalendars(context, {
    actors: [...actorsOf(wish, expected), ...actorsToFree(known, now)],
    range: rangeOf(wish, expected),
    request,
    also: async () => {
      const [offer, facts, holds] = await Promise.all([
        readOfferNow(context, wish),
        readPatientFacts(context, input.patient, expected.directory.service, expected.rules.referralRequired),
        readHoldsOf(context, input.patient),
      ])
      return { offer, facts, holds }
    },
  })
  const earlier = servedAnswer(context, served, again)
  if (earlier) return earlier
  const { offer, facts, holds } = also
  if (isRefusal(offer)) return refuseWith(context, offer)
  if (facts === undefined) return refuseWith(context, { ok: false, reason: 'not-bookable' })
  if (input.replaces !== undefined && original === undefined) return answerWith(notFound(context))
  if (original !== undefined && patientOf(original) !== input.patient) return answerWith(notFound(context))
  const movable = original && mayBeChanged(context, original, offer.rules)
  if (movable && !movable.ok) return refuseWith(context, movable)
  const verdict = chooser(wish, offer, facts, state, { now, ignore: new Set(original ? [original.id] : []) })(
    wish.startsMs[0] ?? Number.NaN,
  )
  if (!verdict.ok) return refuseWith(context, verdict)
  const writes = new CalendarWrites()
  const heldUntil = holdEnd(now)
  const appointment = holdFrom(asked, offer, verdict, heldUntil)
  const slot = writeSlots(writes, { calendars: state.calendars, offer, wish, choice: verdict, heldUntil })
  const reference = writes.createAppointment({ ...appointment, slot })
  const spans = [occupiedBy(verdict.startMs, offer.rules)]
  const inTheWay = holdsInTheWay(state, { own: [], actors: actorsOf(wish, offer), spans, now })
  if (!(await clearHolds(context, state, writes, [...holds, ...inTheWay]))) return { kind: 'again' }
  writes.create(context.auditEvent(touchOf('create', input.patient, [reference])))
  return {
    kind: 'write',
    writes,
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
  return changeCalendars(context, () => look({ context, input, wish, request }))
}
