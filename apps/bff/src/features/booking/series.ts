import { randomUUID } from 'node:crypto'

import type { Parameters, ParametersParameter } from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM } from '@openward/fhir-client'
import {
  bookableSpan,
  checkSeries,
  computeOpenings,
  occupiedBy,
  type Occurrence,
  type OccurrenceOutcome,
  parseParameters,
  type Refusal,
  type SeriesInput,
  toInstantWithOffset,
  visitSpan,
  weeklyOccurrences,
  workingTime,
} from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { answered, forbidden, invalidInput, refusedAll, touchOf } from './answers.ts'
import { busyNow } from './busy-entries.ts'
import {
  answerWith,
  type CalendarState,
  changeCalendars,
  type Decision,
  lookAtCalendars,
  refuseUnlessServed,
  refuseWith,
} from './calendar.ts'
import { CalendarWrites, type StoredAppointment } from './calendar-writes.ts'
import { type Choice, chooser } from './choose.ts'
import { clearHolds, holdsInTheWay, readHoldsOf } from './freed.ts'
import { type RememberedRequest, rememberRequest, withRequest } from './idempotency.ts'
import { noticeOf } from './notice.ts'
import { type PatientFacts, readPatientFacts } from './patient-facts.ts'
import { actingFor } from './permission.ts'
import { seriesBundle } from './series-visits.ts'
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
import { newVisit } from './write-visit.ts'

const WEEK_MS = 7 * 86_400_000

type Asked = { context: OperationContext; input: SeriesInput; request: RememberedRequest }
type Known = { offer: Offer; facts: PatientFacts; state: CalendarState; wish: Wish; now: number }

function occurrencesOf(input: SeriesInput, timeZone: string): Occurrence[] {
  const { count, intervalWeeks } = input
  return weeklyOccurrences({ startMs: Date.parse(input.opening.start), count, intervalWeeks, timeZone })
}

function verdictOf({ wish, offer, facts, state, now }: Known, startsMs: number[]) {
  return chooser({ ...wish, startsMs }, offer, facts, state, { now, ignore: new Set() })
}

/** Openings of the same clinician in the weeks around one occurrence. */
function openingsNear({ offer, state, wish, now }: Known, startMs: number): number[] {
  const { site } = offer.site
  const range = { startMs: startMs - WEEK_MS, endMs: startMs + WEEK_MS }
  const bookable = bookableSpan(offer.rules, now, site.timeZone)
  if (range.startMs >= bookable.endMs || range.endMs <= bookable.startMs) return []
  return computeOpenings({
    working: workingTime({ hours: offer.clinician.hours, site, range }),
    busy: [
      ...busyNow(state.book.get(wish.practitioner), { now, ignoreHoldsOf: wish.patient }),
      ...offer.clinician.notInRole,
    ],
    rules: offer.rules,
    now,
    range,
    timeZone: site.timeZone,
  })
}

function outcomesOf(known: Known, occurrences: readonly Occurrence[]): OccurrenceOutcome[] {
  const { timeZone } = known.offer.site.site
  return occurrences.flatMap((occurrence) => {
    const nearMs = occurrence.startMs ?? Date.parse(`${occurrence.wallTime}:00Z`)
    const openings = openingsNear(known, nearMs)
    const check = verdictOf(known, [
      ...openings,
      ...(occurrence.startMs === undefined ? [] : [occurrence.startMs]),
      nearMs,
    ])
    return checkSeries({ occurrences: [occurrence], check, openings, timeZone })
  })
}

function checked(outcomes: readonly OccurrenceOutcome[], timeZone: string): Parameters {
  const instant = (ms: number) => toInstantWithOffset(ms, timeZone)
  return {
    resourceType: 'Parameters',
    parameter: outcomes.map(({ startMs, wallTime, outcome, alternativesMs }): ParametersParameter => ({
      name: 'occurrence',
      part: [
        ...(startMs === undefined ? [] : [{ name: 'start', valueInstant: instant(startMs) }]),
        { name: 'wall-time', valueString: wallTime },
        { name: 'outcome', valueCode: outcome },
        ...alternativesMs.map((ms) => ({ name: 'alternative', valueInstant: instant(ms) })),
      ],
    })),
  }
}

/** All chosen starts, or the refusals of those that cannot be had. */
function chosenOf(known: Known, startsMs: readonly number[]): { choices: Choice[]; refusals: Refusal[] } {
  const { rules, site } = known.offer
  const choices: Choice[] = []
  const refusals: Refusal[] = []
  for (const startMs of [...startsMs].sort((a, b) => a - b)) {
    const verdict = verdictOf(known, [startMs])(startMs)
    const previous = choices.at(-1)
    const overlaps = previous !== undefined && visitSpan(previous.startMs, rules).endMs > startMs
    const start = toInstantWithOffset(startMs, site.site.timeZone)
    if (!verdict.ok) refusals.push({ ...verdict, parameters: { ...verdict.parameters, start } })
    else if (overlaps) refusals.push({ ok: false, reason: 'own-overlap', parameters: { start } })
    else choices.push(verdict)
  }
  return { choices, refusals }
}

async function writeSeries(asked: Asked, known: Known, choices: readonly Choice[]): Promise<Decision> {
  const { context, request } = asked
  const { offer, facts, state, wish, now } = known
  const series = { system: SYSTEM.seriesId, value: randomUUID() }
  const writes = new CalendarWrites()
  const person = { reference: wish.patient, display: facts.display }
  const references = choices.map((choice) => {
    const slot = writeSlots(writes, { calendars: state.calendars, offer, wish, choice })
    const visit = newVisit(context, { offer, choice, slot, person }, [
      series,
      ...withRequest(undefined, request),
    ])
    const extension = [...(visit.extension ?? []), { url: EXTENSION.series, valueIdentifier: series }]
    const reference = writes.createAppointment({ ...visit, extension })
    writes.create(noticeOf('booked', reference, wish.patient, now))
    return reference
  })
  const spans = choices.map(({ startMs }) => occupiedBy(startMs, offer.rules))
  const own = await readHoldsOf(context, wish.patient)
  const inTheWay = holdsInTheWay(state, { own, actors: actorsOf(wish, offer), spans, now })
  if (!(await clearHolds(context, state, writes, inTheWay))) return { kind: 'again' }
  return {
    kind: 'write',
    writes,
    touch: touchOf('create', wish.patient, references),
    answer: (stored) => ({
      status: 201,
      resource: seriesBundle(stored),
      touch: touchOf('create', wish.patient, stored),
    }),
  }
}

async function look(asked: Asked): Promise<Decision> {
  const { context, input, request } = asked
  const now = context.now()
  const first = wishFrom(input.opening, input.patient)
  const again = (visits: StoredAppointment[]) => ({
    status: 201 as const,
    resource: seriesBundle(visits),
    touch: touchOf('create', input.patient, visits),
  })
  const expected = await readOffer(context, first)
  if (isRefusal(expected)) return refuseUnlessServed(context, request, expected, again)
  const { timeZone } = expected.site.site
  const occurrences = occurrencesOf(input, timeZone)
  const chosenMs = input.chosen.map((start) => Date.parse(start))
  const around = occurrences.flatMap(({ startMs }) =>
    startMs === undefined ? [] : [startMs - WEEK_MS, startMs + WEEK_MS],
  )
  const wish = { ...first, startsMs: chosenMs.length > 0 ? chosenMs : around }
  const [own, expectedActors] = [await readHoldsOf(context, input.patient), actorsOf(wish, expected)]
  const seen = await lookAtCalendars(context, {
    actors: [...expectedActors, ...own.flatMap(calendarActorsOf)],
    takesFrom: takenFrom(wish),
    range: rangeOf(wish, expected),
    request,
    again,
    also: async () => {
      const [offer, facts] = await Promise.all([
        readOfferNow(context, wish),
        readPatientFacts(context, input.patient, expected.directory.service, expected.rules.referralRequired),
      ])
      return { offer, facts }
    },
  })
  if ('kind' in seen) return seen
  const { state } = seen
  const { offer, facts } = seen.also
  if (isRefusal(offer)) return refuseWith(context, offer)
  if (facts === undefined) return refuseWith(context, { ok: false, reason: 'not-bookable' })
  const known: Known = { offer, facts, state, wish, now }
  if (chosenMs.length === 0) {
    const answer = checked(outcomesOf(known, occurrences), timeZone)
    return answerWith(answered(answer, touchOf('read', input.patient, [])))
  }
  const { choices, refusals } = chosenOf(known, chosenMs)
  if (refusals.length > 0) return answerWith(refusedAll(context, refusals))
  return writeSeries(asked, known, choices)
}

/** Checks every week of a series, or books the chosen starts: all of them or none. */
export async function series(context: OperationContext, { body }: OperationInput): Promise<OperationAnswer> {
  const parsed = parseParameters('$series', body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  const { input } = parsed
  if (actingFor(context.caller, input.patient) === undefined) return forbidden(context)
  const request = rememberRequest(context, '$series', input)
  return changeCalendars(context, () => look({ context, input, request }), request)
}
