import type { Appointment } from '@medplum/fhirtypes'
import { FhirError, type Versioned } from '@openward/fhir-client'
import type { Interval, Refusal } from '@openward/scheduling'

import type { OperationAnswer, OperationContext } from '#/lib/operation.ts'

import { refused } from './answers.ts'
import { type FreshBusyTime, readBusyTimeNow } from './busy-time.ts'
import type { CalendarWrites, StoredAppointment } from './calendar-writes.ts'
import { type Calendars, requireCalendars } from './calendars.ts'
import { findRemembered, type RememberedRequest } from './idempotency.ts'
import { actingFor } from './permission.ts'
import { patientOf } from './visit-state.ts'

/** What a calendar change sees: everything in it was read after the versions of the calendars. */
export type CalendarState = FreshBusyTime & { calendars: Calendars }

/** What one look at the calendars came to. `again`: something needed was not locked, look once more. */
export type Decision =
  | { kind: 'answer'; answer: OperationAnswer }
  | {
      kind: 'write'
      writes: CalendarWrites
      /** `resolve` gives the stored reference behind a placeholder. */
      answer: (stored: StoredAppointment[], resolve: (placeholder: string) => string) => OperationAnswer
    }
  | { kind: 'again' }

const RETRIES = 5
const JITTER_MS = 40
const NOTHING_BUSY: FreshBusyTime = { book: new Map(), slots: new Map(), appointments: new Map() }

export function refuseWith(context: OperationContext, refusal: Refusal): Decision {
  return { kind: 'answer', answer: refused(context, refusal) }
}

export function answerWith(answer: OperationAnswer): Decision {
  return { kind: 'answer', answer }
}

/** Somebody else changed what this change stands on, or nobody knows whether it was stored: both are found out by looking again. */
function isWorthAnotherLook(error: unknown): boolean {
  if (!(error instanceof FhirError)) return false
  switch (error.code) {
    case 'conflict':
    case 'precondition-failed':
    case 'not-found':
    case 'gone':
    case 'timeout':
    case 'unavailable':
    case 'throttled':
      return true
    default:
      return false
  }
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
      Math.random() * JITTER_MS * 2 ** attempt,
    )
    signal.addEventListener('abort', done, { once: true })
  })
}

/**
 * A calendar's version is its lock. `look` reads the calendars, then everything else, and decides; what it decides to write is one transaction
 * with a condition on every calendar. When that fails, the next look tells why: a time is only called taken when it is seen to be.
 */
export async function changeCalendars(
  context: OperationContext,
  look: () => Promise<Decision>,
): Promise<OperationAnswer> {
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    if (attempt > 0) await pause(attempt, context.signal)
    const decision = await look()
    if (decision.kind === 'answer') return decision.answer
    if (decision.kind === 'again') continue
    try {
      const stored = await context.fhir.transaction(decision.writes.toTransaction(), {
        signal: context.signal,
      })
      const { writes } = decision
      return decision.answer(writes.storedAppointments(stored), (one) => writes.resolved(stored, one))
    } catch (error) {
      if (!isWorthAnotherLook(error)) throw error
      context.log.info(
        { attempt, code: error instanceof FhirError ? error.code : undefined },
        'calendar changed meanwhile',
      )
    }
  }
  return refused(context, { ok: false, reason: 'busy-try-again' })
}

/** Steps 1 to 3 of the protocol: the calendars first, then what happened in them, and whether this request has been served before. */
export async function lookAtCalendars<Extra>(
  context: OperationContext,
  of: {
    actors: readonly string[]
    /** Where time is taken; absent when time is only given back, and busy time does not matter. */
    range?: Interval | undefined
    request?: RememberedRequest
    /** Whatever else has to be as fresh as the calendars. */
    also: () => Promise<Extra>
  },
): Promise<{ state: CalendarState; served: Versioned<Appointment>[] | 'mismatch'; also: Extra }> {
  const { fhir, signal } = context
  const calendars = await requireCalendars(fhir, of.actors, signal)
  const [busy, served, also] = await Promise.all([
    of.range === undefined ? NOTHING_BUSY : readBusyTimeNow(fhir, calendars, of.range, signal),
    of.request === undefined ? [] : findRemembered(context, of.request),
    of.also(),
  ])
  return { state: { ...busy, calendars }, served, also }
}

/** The answer to a request that was served before; undefined when it was not. */
export function servedAnswer(
  context: OperationContext,
  served: Versioned<Appointment>[] | 'mismatch',
  answer: (appointments: Versioned<Appointment>[]) => OperationAnswer,
): Decision | undefined {
  if (served === 'mismatch') return refuseWith(context, { ok: false, reason: 'idempotency-mismatch' })
  const visible = served.filter((one) => actingFor(context.caller, patientOf(one)) !== undefined)
  return visible.length === 0 ? undefined : answerWith(answer(visible))
}

/** A refusal before the calendars were looked at: a request that was served before still gets its answer. */
export async function refuseUnlessServed(
  context: OperationContext,
  request: RememberedRequest,
  refusal: Refusal,
  answer: (appointments: Versioned<Appointment>[]) => OperationAnswer,
): Promise<Decision> {
  const served = servedAnswer(context, await findRemembered(context, request), answer)
  return served ?? refuseWith(context, refusal)
}
