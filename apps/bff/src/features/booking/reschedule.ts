import type { Appointment } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import {
  occupiedBy,
  type Opening,
  parseParameters,
  type Refusal,
  type RescheduleInput,
  shiftedAlike,
  visitSpan,
} from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { invalidInput, notFound, refusedAll, touchOf, visitsAnswer } from './answers.ts'
import { lookAtBooking } from './book.ts'
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
import { type RememberedRequest, rememberRequest } from './idempotency.ts'
import { changedMeanwhile, isOfService, mayBeChanged, mayBeMoved } from './may-be-changed.ts'
import { movedVisit } from './move.ts'
import { noticeOf } from './notice.ts'
import { type PatientFacts, readPatientFacts } from './patient-facts.ts'
import { readVisit } from './read-visit.ts'
import { visitsInScope } from './series-visits.ts'
import { writeSlots } from './visit.ts'
import { calendarActorsOf, patientOf, timeZoneOf } from './visit-state.ts'
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

type Asked = {
  context: OperationContext
  id: string
  input: RescheduleInput & { opening: Opening }
  request: RememberedRequest
}
type Moves = { visit: Versioned<Appointment>; moves: Move[] }
type Move = { visit: Versioned<Appointment>; startMs: number | undefined }

async function readMoves({ context, id, input }: Asked): Promise<Moves | undefined> {
  const visit = await readVisit(context, `Appointment/${id}`)
  if (visit === undefined) return undefined
  const toMs = Date.parse(input.opening.start)
  const fromMs = Date.parse(visit.start ?? '')
  const visits = await visitsInScope(context, visit, input.scope)
  const moves = visits.map((one) => {
    if (one.id === visit.id) return { visit: one, startMs: toMs }
    const timeZone = timeZoneOf(one) ?? 'UTC'
    return { visit: one, startMs: shiftedAlike(Date.parse(one.start ?? ''), { fromMs, toMs }, timeZone) }
  })
  return { visit, moves }
}

function at(start: string | undefined, refusal: Refusal): Refusal {
  return { ...refusal, parameters: { ...refusal.parameters, ...(start === undefined ? {} : { start }) } }
}

/** Every visit must have its new time, and no two of them the same: a series moves as a whole or not at all. */
function choices(
  context: OperationContext,
  moves: readonly Move[],
  offer: Offer,
  choose: ReturnType<typeof chooser>,
): Choice[] | Refusal[] {
  const refusals: Refusal[] = []
  const chosen: Choice[] = []
  for (const { visit, startMs } of moves) {
    const changeable = mayBeMoved(context, visit, {
      notice: offer.rules,
      service: offer.directory.reference,
    })
    const verdict = changeable.ok
      ? startMs === undefined
        ? ({ ok: false, reason: 'outside-hours' } as const)
        : choose(startMs)
      : changeable
    if (!verdict.ok) refusals.push(moves.length > 1 ? at(visit.start, verdict) : verdict)
    else if (
      chosen.some(
        (one) =>
          visitSpan(one.startMs, offer.rules).endMs > verdict.startMs &&
          one.startMs < visitSpan(verdict.startMs, offer.rules).endMs,
      )
    )
      refusals.push(at(visit.start, { ok: false, reason: 'own-overlap' }))
    else chosen.push(verdict)
  }
  return refusals.length > 0 ? refusals : chosen
}

function areRefusals(of: Choice[] | Refusal[]): of is Refusal[] {
  return of.some((one) => 'ok' in one && one.ok === false)
}

/** Why the visit itself cannot be moved, with others or alone; undefined when it can. */
function immovable(
  context: OperationContext,
  { visit, moves }: Moves,
  notice: Parameters<typeof mayBeChanged>[2],
): Refusal | undefined {
  const verdict = mayBeChanged(context, visit, notice)
  if (!verdict.ok) return verdict
  return moves.some((one) => one.visit.id === visit.id) ? undefined : { ok: false, reason: 'not-bookable' }
}

async function look(asked: Asked): Promise<Decision> {
  const { context, input, request } = asked
  const now = context.now()
  const first = await readMoves(asked)
  const patient = first && patientOf(first.visit)
  if (first === undefined || patient === undefined) return answerWith(notFound(context))
  if (!isOfService(first.visit, input.opening.service)) {
    const expression = "Parameters.parameter.where(name='appointment-resource').resource.participant"
    return answerWith(invalidInput(context, [{ expression, code: 'value' }]))
  }
  const startsMs = first.moves.flatMap(({ startMs }) => (startMs === undefined ? [] : [startMs]))
  const wish: Wish = { ...wishFrom(input.opening, patient), startsMs }
  const again = (visits: Versioned<Appointment>[]) =>
    visitsAnswer(visits, touchOf('update', patient, visits), 200)
  // what is over needs no look at the calendars; how much notice it takes is for later
  const over = immovable(context, first, { cancelNoticeMinutes: 0 })
  if (over) return refuseUnlessServed(context, request, over, again)
  const [expected, known] = await Promise.all([readOffer(context, wish), readHoldsOf(context, patient)])
  if (isRefusal(expected)) return refuseUnlessServed(context, request, expected, again)
  const seen = await lookAtCalendars(context, {
    actors: [
      ...actorsOf(wish, expected),
      ...actorsToFree(known, now),
      ...first.moves.flatMap(({ visit }) => calendarActorsOf(visit)),
    ],
    takesFrom: takenFrom(wish),
    range: rangeOf(wish, expected),
    request,
    again,
    also: async () => {
      const [offer, facts, holds, moves] = await Promise.all([
        readOfferNow(context, wish),
        readPatientFacts(context, patient, expected.directory.service, expected.rules.referralRequired),
        readHoldsOf(context, patient),
        readMoves(asked),
      ])
      return { offer, facts, holds, moves }
    },
  })
  if ('kind' in seen) return seen
  return decide(asked, { ...seen.also, wish, state: seen.state, now, patient })
}

type Seen = {
  wish: Wish
  state: CalendarState
  now: number
  patient: string
  offer: Offer | Refusal
  facts: PatientFacts | undefined
  holds: Versioned<Appointment>[]
  moves: Moves | undefined
}

async function decide(asked: Asked, seen: Seen): Promise<Decision> {
  const { context, input } = asked
  const { wish, state, now, offer, facts } = seen
  if (seen.moves === undefined) return answerWith(notFound(context))
  const { visit, moves } = seen.moves
  if (input.version !== undefined && input.version !== visit.meta.versionId) {
    return refuseWith(context, changedMeanwhile(visit))
  }
  if (isRefusal(offer)) return refuseWith(context, offer)
  if (facts === undefined) return refuseWith(context, { ok: false, reason: 'not-bookable' })
  const own = immovable(context, seen.moves, offer.rules)
  if (own) return refuseWith(context, own)
  const isCovered = moves.every(
    (move) =>
      calendarActorsOf(move.visit).every((actor) => state.calendars.has(actor)) &&
      (move.startMs === undefined || wish.startsMs.includes(move.startMs)),
  )
  if (!isCovered) return { kind: 'again' }
  const ignore = new Set(moves.map((one) => one.visit.id))
  const chosen = choices(context, moves, offer, chooser(wish, offer, facts, state, { now, ignore }))
  if (areRefusals(chosen)) return answerWith(refusedAll(context, chosen))
  return write(asked, seen, { offer, moves, chosen, display: facts.display })
}

async function write(
  { context, request }: Asked,
  { wish, state, now, patient, holds }: Seen,
  made: { offer: Offer; moves: Move[]; chosen: Choice[]; display: string | undefined },
): Promise<Decision> {
  const { offer, chosen, display } = made
  const originals = made.moves.map((one) => one.visit)
  const writes = new CalendarWrites().lock(state.calendars, originals.flatMap(calendarActorsOf))
  for (const [index, choice] of chosen.entries()) {
    const original = originals[index]
    if (original === undefined) continue
    const slot = writeSlots(writes, { calendars: state.calendars, offer, wish, choice })
    const reference = writes.updateAppointment(
      movedVisit(original, { offer, choice, slot, request, display }),
    )
    writes.create(noticeOf('moved', reference, patient, now))
  }
  for (const slot of await slotsOf(context, state, originals)) writes.deleteSlot(slot)
  const spans = chosen.map(({ startMs }) => occupiedBy(startMs, offer.rules))
  const inTheWay = holdsInTheWay(state, { own: holds, actors: actorsOf(wish, offer), spans, now })
  if (!(await clearHolds(context, state, writes, inTheWay))) return { kind: 'again' }
  return {
    kind: 'write',
    writes,
    touch: touchOf('update', patient, originals),
    answer: (stored) => visitsAnswer(stored, touchOf('update', patient, stored), 200),
  }
}

/** Moves a visit, or the rest of its series, keeping what it is. */
export async function reschedule(
  context: OperationContext,
  { id, body }: OperationInput,
): Promise<OperationAnswer> {
  const parsed = parseParameters('$reschedule', body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  const { input } = parsed
  if (id === undefined) return notFound(context)
  const request = rememberRequest(context, '$reschedule', { id, ...input })
  const { opening, hold, version } = input
  if (opening !== undefined) {
    return changeCalendars(
      context,
      () => look({ context, id, input: { ...input, opening }, request }),
      request,
    )
  }
  const booking = hold === undefined ? {} : { hold }
  const moves = `Appointment/${id}`
  const asked = { context, input: booking, request, moves, version, status: 200 } as const
  return changeCalendars(context, () => lookAtBooking(asked), request)
}
