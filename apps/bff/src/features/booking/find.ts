import type { Appointment, Bundle, BundleEntry, Parameters } from '@medplum/fhirtypes'
import {
  type BookingReason,
  explainNoOpenings,
  type FindInput,
  localDate,
  parseParameters,
  type Refusal,
  toInstantWithOffset,
} from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { answered, forbidden, invalidInput, refusalIssue, touchOf } from './answers.ts'
import { readBusyTime } from './busy-cache.ts'
import { busyNow, type Ignored } from './busy-entries.ts'
import { isBookingOff } from './booking-off.ts'
import { readDirectory } from './directory.ts'
import { readHoldsOf } from './freed.ts'
import {
  actorsFor,
  busyOptions,
  type Candidate,
  offersFor,
  openingsOf,
  type Question,
  rangeFor,
} from './openings.ts'
import { readPatientFacts } from './patient-facts.ts'
import { actingFor, mayLookForOpenings } from './permission.ts'
import { readVisit } from './read-visit.ts'
import { slotIdsOf } from './visit-state.ts'
import { commonFields, participantsOf, timeOf } from './visit.ts'
import type { Offer } from './wish.ts'

type Found = { candidates: Candidate[]; why: Refusal | undefined }

const EXPLAINED_OFFERS = 25

async function findOpenings(context: OperationContext, input: FindInput): Promise<Found> {
  if (await isBookingOff(context)) return { candidates: [], why: { ok: false, reason: 'booking-off' } }
  const directory = await readDirectory(context, input.service)
  const { rules } = directory
  if (rules === undefined) return { candidates: [], why: { ok: false, reason: 'not-bookable' } }
  const offers = offersFor({ input, directory, rules })
  const range = rangeFor(input)
  const [book, facts, ignore] = await Promise.all([
    readBusyTime(context.fhir, actorsFor({ input }, offers), range, context.signal),
    input.patient === undefined
      ? undefined
      : readPatientFacts(context, input.patient, directory.service, rules.referralRequired),
    readIgnored(context, input),
  ])
  const question: Question = { input, directory, rules, book, now: context.now(), facts, ignore }
  if (input.patient !== undefined && facts === undefined)
    return { candidates: [], why: { ok: false, reason: 'not-bookable' } }
  if (facts !== undefined && rules.referralRequired && !facts.hasReferral) {
    return { candidates: [], why: { ok: false, reason: 'needs-referral' } }
  }
  const candidates = openingsOf(question, offers)
  const isEmpty = candidates.every(({ starts }) => starts.length === 0)
  return { candidates, why: isEmpty ? whyNot(question, offers) : undefined }
}

/** What is being moved, and what this person already holds, is free for them. */
async function readIgnored(context: OperationContext, input: FindInput): Promise<Ignored> {
  const [moved, holds] = await Promise.all([
    input.ignoreAppointment === undefined ? undefined : readVisit(context, input.ignoreAppointment),
    input.patient === undefined ? [] : readHoldsOf(context, input.patient),
  ])
  const visits = moved === undefined ? holds : [...holds, moved]
  return new Set(visits.flatMap((one) => [one.id, ...slotIdsOf(one)]))
}

/** The rule that stands in the way of most of the people and places asked for. */
function whyNot(question: Question, offers: readonly Offer[]): Refusal {
  if (offers.length === 0) return { ok: false, reason: 'not-offered-here' }
  const range = rangeFor(question.input)
  const reasons = new Map<BookingReason, { count: number; refusal: Refusal }>()
  for (const offer of offers.slice(0, EXPLAINED_OFFERS)) {
    const refusal = explain(question, offer, range)
    const known = reasons.get(refusal.reason)
    reasons.set(refusal.reason, { count: (known?.count ?? 0) + 1, refusal: known?.refusal ?? refusal })
  }
  const [commonest] = [...reasons.values()].sort((a, b) => b.count - a.count)
  return commonest?.refusal ?? { ok: false, reason: 'no-openings' }
}

function explain(question: Question, offer: Offer, range: { startMs: number; endMs: number }): Refusal {
  const busyOf = (actor: string) => busyNow(question.book.get(actor), busyOptions(question))
  const { facts, input } = question
  const leave = offer.clinician.notInRole.map((span) => ({ ...span, kind: 'leave' as const }))
  const verdict = explainNoOpenings({
    site: offer.site.site,
    hours: offer.clinician.hours,
    busy: [...busyOf(offer.clinician.practitioner), ...leave],
    rules: offer.rules,
    now: question.now,
    range,
    visitMode: offer.visitMode,
    ...(facts && input.patient
      ? {
          patient: {
            busy: busyOf(input.patient),
            birthDate: facts.birthDate,
            hasReferral: facts.hasReferral,
          },
        }
      : {}),
  })
  if (!verdict.ok) return verdict
  // the clinician is free: a room or an interpreter is not, or the part of the day is full
  if (offer.rooms?.length === 0) return { ok: false, reason: 'no-room' }
  if (offer.interpreters?.length === 0) return { ok: false, reason: 'no-interpreter' }
  if (input.partOfDay !== undefined)
    return { ok: false, reason: 'no-openings', parameters: { 'part-of-day': input.partOfDay } }
  return { ok: false, reason: offer.rooms === undefined ? 'no-interpreter' : 'no-room' }
}

/** The first so many of all lists together, by time, then in the order of the candidates. */
function earliest(
  candidates: readonly Candidate[],
  count: number,
): { candidate: Candidate; startMs: number }[] {
  return candidates
    .flatMap((candidate, rank) =>
      candidate.starts.slice(0, count).map((startMs) => ({ candidate, startMs, rank })),
    )
    .sort((a, b) => a.startMs - b.startMs || a.rank - b.rank)
    .slice(0, count)
}

function proposal({ offer, join }: Candidate, startMs: number): Appointment {
  const joint = join(startMs)
  const choice = joint.ok ? { ...joint, startMs } : { startMs }
  return {
    resourceType: 'Appointment',
    ...commonFields(offer),
    status: 'proposed',
    ...timeOf(offer, startMs),
    participant: participantsOf(offer, choice, undefined, 'needs-action'),
  }
}

function bundleOf(context: OperationContext, { candidates, why }: Found, count: number): Bundle {
  const total = candidates.reduce((sum, { starts }) => sum + starts.length, 0)
  const entry: BundleEntry[] = earliest(candidates, count).map(({ candidate, startMs }) => ({
    resource: proposal(candidate, startMs),
    search: { mode: 'match' },
  }))
  if (why !== undefined) {
    const issue = [refusalIssue(why, 'information')]
    entry.push({
      resource: { resourceType: 'OperationOutcome', id: context.correlationId, issue },
      search: { mode: 'outcome' },
    })
  }
  return { resourceType: 'Bundle', type: 'searchset', total, ...(entry.length > 0 ? { entry } : {}) }
}

function daysOf({ candidates }: Found): Parameters {
  const days = new Map<string, { date: string; timeZone: string; firstMs: number; count: number }>()
  const dates = new Map<string, string>()
  for (const { offer, starts } of candidates) {
    const { timeZone } = offer.site.site
    for (const startMs of starts) {
      const known = dates.get(`${timeZone} ${startMs}`)
      const date = known ?? localDate(startMs, timeZone)
      if (known === undefined) dates.set(`${timeZone} ${startMs}`, date)
      const key = `${date} ${timeZone}`
      const day = days.get(key)
      if (day === undefined) days.set(key, { date, timeZone, firstMs: startMs, count: 1 })
      else {
        day.count += 1
        day.firstMs = Math.min(day.firstMs, startMs)
      }
    }
  }
  const parameter = [...days.values()]
    .sort((a, b) => a.date.localeCompare(b.date) || a.firstMs - b.firstMs)
    .map(({ date, timeZone, firstMs, count }) => ({
      name: 'day',
      part: [
        { name: 'date', valueDate: date },
        { name: 'count', valueInteger: count },
        { name: 'first', valueInstant: toInstantWithOffset(firstMs, timeZone) },
        { name: 'time-zone', valueCode: timeZone },
      ],
    }))
  return { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) }
}

async function ask(
  context: OperationContext,
  name: '$find' | '$find-days',
  { body }: OperationInput,
  shape: (found: Found, input: FindInput) => Bundle | Parameters,
): Promise<OperationAnswer> {
  const parsed = parseParameters(name, body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  const { input } = parsed
  if (!mayLookForOpenings(context.caller)) return forbidden(context)
  if (input.patient !== undefined && actingFor(context.caller, input.patient) === undefined)
    return forbidden(context)
  const found = await findOpenings(context, input)
  return answered(shape(found, input), touchOf('read', input.patient, []))
}

/** Openings, soonest first; when there are none, why. */
export function find(context: OperationContext, input: OperationInput): Promise<OperationAnswer> {
  return ask(context, '$find', input, (found, { count }) => bundleOf(context, found, count))
}

/** How many openings each day has, for a calendar. */
export function findDays(context: OperationContext, input: OperationInput): Promise<OperationAnswer> {
  return ask(context, '$find-days', input, (found) => daysOf(found))
}
