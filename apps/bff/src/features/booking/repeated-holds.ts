import { HOLD_MINUTES, type Interval, type Refusal } from '@openward/scheduling'

import type { OperationContext } from '#/lib/operation.ts'

import { startsTouching } from './busy-time.ts'
import { NO_CACHE } from './calendars.ts'
import { actingFor } from './permission.ts'
import { heldUntilMs, participantsOfType } from './visit-state.ts'
import type { Wish } from './wish.ts'

const MINUTE_MS = 60_000
const COUNTED_MS = 60 * MINUTE_MS
const HOLDS_OF_ONE_TIME = 3

/**
 * A person holds the same time of a clinician at most three times within an hour, so that others get to it too; the clinic may hold for them as often as it likes.
 * Every hold stays stored until it is booked, so what counts is what is there. `nextAt` is when the first of them is an hour ago.
 */
export async function tooManyHolds(
  context: OperationContext,
  wish: Wish,
  span: Interval,
): Promise<Refusal | undefined> {
  if (actingFor(context.caller, wish.patient) === 'clinic') return undefined
  const sinceMs = context.now() - COUNTED_MS
  const visits = await context.fhir.searchAll(
    'Appointment',
    {
      patient: wish.patient,
      status: 'pending,cancelled',
      date: startsTouching(span),
      _count: 200,
    },
    { signal: context.signal, headers: NO_CACHE },
  )
  const heldAtMs = visits
    .filter(({ start, end }) => Date.parse(start ?? '') < span.endMs && span.startMs < Date.parse(end ?? ''))
    .filter((one) => participantsOfType(one, 'Practitioner')[0] === wish.practitioner)
    .map((one) => (heldUntilMs(one) ?? Number.NEGATIVE_INFINITY) - HOLD_MINUTES * MINUTE_MS)
    .filter((heldMs) => heldMs > sinceMs)
    .sort((a, b) => b - a)
  const first = heldAtMs[HOLDS_OF_ONE_TIME - 1]
  if (first === undefined) return undefined
  const nextAt = new Date(first + COUNTED_MS).toISOString()
  return { ok: false, reason: 'not-bookable', parameters: { nextAt } }
}
