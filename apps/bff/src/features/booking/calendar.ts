import type { Appointment } from '@medplum/fhirtypes'
import { FhirError, type Versioned } from '@openward/fhir-client'
import type { Interval, Refusal } from '@openward/scheduling'

import type { OperationAnswer, OperationContext, Touch } from '#/lib/operation.ts'

import { notFound, refused } from './answers.ts'
import { isWorthAnotherLook } from './another-look.ts'
import { type FreshBusyTime, readBusyTimeNow } from './busy-time.ts'
import type { CalendarWrites, StoredAppointment } from './calendar-writes.ts'
import { type Calendars, readCalendars, writableCalendar } from './calendars.ts'
import { findRemembered, type RememberedRequest, type Served, usedKey } from './idempotency.ts'
import { inTurn } from './in-turn.ts'
import { requireCalendars } from './new-calendars.ts'
import { actingInVisit } from './permission.ts'

/** What a calendar change sees: everything in it was read after the versions of the calendars. Who has no calendar stands in it with none. */
export type CalendarState = FreshBusyTime & { calendars: Calendars }

/** What one look at the calendars came to. `again`: something needed was not locked, look once more. */
export type Decision =
  | { kind: 'answer'; answer: OperationAnswer }
  | {
      kind: 'write'
      writes: CalendarWrites
      /** For the AuditEvent that is stored with the writes. */
      touch: Touch
      /** `resolve` gives the stored reference behind a placeholder. */
      answer: (stored: StoredAppointment[], resolve: (placeholder: string) => string) => OperationAnswer
    }
  | { kind: 'again' }

const RETRIES = 5
const JITTER_MS = 40
const LONGEST_JITTER_MS = 400
/** Attempts from this one on take turns in this process: with many for one calendar, only the first of those who look at once can succeed. */
const FIRST_IN_TURN = 2
const NOTHING_BUSY: FreshBusyTime = { book: new Map(), slots: new Map(), appointments: new Map() }

export function refuseWith(context: OperationContext, refusal: Refusal): Decision {
  return { kind: 'answer', answer: refused(context, refusal) }
}

export function answerWith(answer: OperationAnswer): Decision {
  return { kind: 'answer', answer }
}

function pause(attempt: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const done = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', done)
        resolve()
      },
      Math.random() * Math.min(LONGEST_JITTER_MS, JITTER_MS * 2 ** attempt),
    )
    signal.addEventListener('abort', done, { once: true })
  })
}

type Changed = { answer: OperationAnswer } | { contested: readonly string[] }

/** One look, and what it decides to write, with the event that tells of it and the key that must not have been used. */
async function lookAndWrite(
  context: OperationContext,
  look: () => Promise<Decision>,
  request: RememberedRequest | undefined,
): Promise<Changed> {
  const decision = await look()
  if (decision.kind === 'answer') return decision
  if (decision.kind === 'again') return { contested: [] }
  const { writes } = decision
  if (request?.isOfClient === true) writes.createOnce(usedKey(request, context.now()))
  writes.createOnce(context.auditEvent(decision.touch))
  try {
    const stored = await context.fhir.transaction(writes.toTransaction(), { signal: context.signal })
    const answer = decision.answer(writes.storedAppointments(stored), (one) => writes.resolved(stored, one))
    return { answer: 'resource' in answer ? { ...answer, hasOwnAudit: true } : answer }
  } catch (error) {
    if (!isWorthAnotherLook(error)) throw error
    context.log.info(
      { code: error instanceof FhirError ? error.code : undefined },
      'calendar changed meanwhile',
    )
    return { contested: writes.locked }
  }
}

/**
 * A calendar's version is its lock. `look` reads the calendars, then everything else, and decides; what it decides to write is one transaction
 * with a condition on every calendar. When that fails, the next look tells why: a time is only called taken when it is seen to be.
 */
export async function changeCalendars(
  context: OperationContext,
  look: () => Promise<Decision>,
  request?: RememberedRequest,
): Promise<OperationAnswer> {
  const once = () => lookAndWrite(context, look, request)
  let contested: readonly string[] = []
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    if (attempt > 0) await pause(attempt, context.signal)
    const keys = contested.map((id) => `${context.fhir.baseUrl} ${id}`)
    const changed = await (attempt < FIRST_IN_TURN ? once() : inTurn(keys, once))
    if ('answer' in changed) return changed.answer
    if (changed.contested.length > 0) contested = changed.contested
  }
  return refused(context, { ok: false, reason: 'busy-try-again' })
}

type Again = (appointments: Versioned<Appointment>[]) => OperationAnswer

/**
 * Steps 1 to 3 of the protocol: the calendars first, then what happened in them, and whether this request has been served before. A decision when there
 * is nothing left to decide.
 */
export async function lookAtCalendars<Extra>(
  context: OperationContext,
  of: {
    actors: readonly string[]
    /** Whose time is taken: without a calendar to write to they cannot be booked. Absent when time is only given back: then nobody needs one. */
    takesFrom?: readonly string[]
    /** Where time is taken; absent when busy time does not matter. */
    range?: Interval | undefined
    request?: RememberedRequest
    /** The answer to a request that was served before. */
    again?: Again
    /** Whatever else has to be as fresh as the calendars. */
    also: () => Promise<Extra>
  },
): Promise<{ state: CalendarState; also: Extra } | Decision> {
  const { fhir, signal } = context
  const stored = await (of.takesFrom === undefined
    ? readCalendars(fhir, of.actors, signal)
    : requireCalendars(context, of.actors))
  const calendars = new Map(of.actors.map((actor) => [actor, stored.get(actor) ?? []]))
  const [busy, served, also] = await Promise.all([
    of.range === undefined ? NOTHING_BUSY : readBusyTimeNow(fhir, calendars, of.range, signal),
    of.request === undefined ? [] : findRemembered(context, of.request),
    of.also(),
  ])
  const earlier = of.again && servedAnswer(context, served, of.again)
  if (earlier) return earlier
  if (of.takesFrom?.some((actor) => writableCalendar(calendars, actor) === undefined))
    return refuseWith(context, { ok: false, reason: 'not-bookable' })
  return { state: { ...busy, calendars }, also }
}

/** The answer to a request that was served before; undefined when it was not. */
function servedAnswer(context: OperationContext, served: Served, answer: Again): Decision | undefined {
  if (served === 'mismatch') return refuseWith(context, { ok: false, reason: 'idempotency-mismatch' })
  if (served === 'forgotten') return refuseWith(context, { ok: false, reason: 'used-link' })
  if (served.length === 0) return undefined
  const visible = served.filter((one) => actingInVisit(context.caller, one) !== undefined)
  return answerWith(visible.length === 0 ? notFound(context) : answer(visible))
}

/** A refusal before the calendars were looked at: a request that was served before still gets its answer. */
export async function refuseUnlessServed(
  context: OperationContext,
  request: RememberedRequest,
  refusal: Refusal,
  answer: Again,
): Promise<Decision> {
  const served = servedAnswer(context, await findRemembered(context, request), answer)
  return served ?? refuseWith(context, refusal)
}
