import type { Appointment, Parameters, Schedule, Slot } from '@medplum/fhirtypes'
import { parseReference, type Versioned } from '@openward/fhir-client'
import { type BlockInput, type Interval, parseParameters } from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { answered, forbidden, invalidInput, notFound, touchOf } from './answers.ts'
import { answerWith, changeCalendars, type Decision, lookAtCalendars } from './calendar.ts'
import { CalendarWrites } from './calendar-writes.ts'
import { NO_CACHE } from './calendars.ts'
import { readSlots } from './busy-time.ts'
import { maySetLeave } from './permission.ts'
import { calendarActorsOf, isExpiredHold } from './visit-state.ts'

async function readSchedule(context: OperationContext, id: string): Promise<Versioned<Schedule> | undefined> {
  const [schedule] = await context.fhir.searchAll(
    'Schedule',
    { _id: id },
    { signal: context.signal, headers: NO_CACHE },
  )
  return schedule
}

function actorsOf(schedule: Schedule): string[] {
  return schedule.actor.flatMap(({ reference }) => (parseReference(reference) ? [reference ?? ''] : []))
}

/** Live visits that touch a span, for whoever has to call these people. */
function affectedBy(
  visits: Iterable<Versioned<Appointment>>,
  of: { actors: readonly string[]; span: Interval; now: number },
): Versioned<Appointment>[] {
  return [...visits]
    .filter(
      (one) =>
        !isExpiredHold(one, of.now) && calendarActorsOf(one).some((actor) => of.actors.includes(actor)),
    )
    .filter(
      ({ start, end }) => Date.parse(start ?? '') < of.span.endMs && of.span.startMs < Date.parse(end ?? ''),
    )
    .sort((a, b) => (a.start ?? '').localeCompare(b.start ?? ''))
}

function blocked(slot: string, affected: readonly Versioned<Appointment>[]): Parameters {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'slot', valueReference: { reference: slot } },
      ...affected.map(({ id }) => ({ name: 'affected', valueReference: { reference: `Appointment/${id}` } })),
    ],
  }
}

type Asked = { context: OperationContext; schedule: Versioned<Schedule>; input: BlockInput }

/** Leave that is already there is not written twice: the same request repeated has one effect. */
function sameLeave(
  slots: Iterable<Versioned<Slot>>,
  { schedule, input }: Asked,
): Versioned<Slot> | undefined {
  return [...slots].find(
    (slot) =>
      slot.schedule.reference === `Schedule/${schedule.id}` &&
      slot.status === 'busy-unavailable' &&
      Date.parse(slot.start) === Date.parse(input.start) &&
      Date.parse(slot.end) === Date.parse(input.end),
  )
}

async function look(asked: Asked): Promise<Decision> {
  const { context, schedule, input } = asked
  const actors = actorsOf(schedule)
  const span = { startMs: Date.parse(input.start), endMs: Date.parse(input.end) }
  const seen = await lookAtCalendars(context, {
    actors,
    takesFrom: [],
    range: span,
    also: async () => undefined,
  })
  if ('kind' in seen) return seen
  const { state } = seen
  const affected = affectedBy(state.appointments.values(), { actors, span, now: context.now() })
  const touch = touchOf('update', undefined, [`Schedule/${schedule.id}`])
  const known = sameLeave(state.slots.values(), asked)
  if (known !== undefined) return answerWith(answered(blocked(`Slot/${known.id}`, affected), touch))
  const writes = new CalendarWrites().lock(state.calendars, actors)
  const placeholder = writes.createSlot({
    resourceType: 'Slot',
    schedule: { reference: `Schedule/${schedule.id}` },
    status: 'busy-unavailable',
    start: input.start,
    end: input.end,
    ...(input.comment ? { comment: input.comment } : {}),
  })
  return {
    kind: 'write',
    writes,
    touch,
    answer: (_stored, resolve) => answered(blocked(resolve(placeholder), affected), touch),
  }
}

async function requireOwnCalendar(
  context: OperationContext,
  id: string | undefined,
): Promise<Versioned<Schedule> | OperationAnswer> {
  if (id === undefined) return notFound(context)
  const schedule = await readSchedule(context, id)
  const mayAct = maySetLeave(context.caller, schedule === undefined ? [] : actorsOf(schedule))
  if (!mayAct) return forbidden(context)
  return schedule ?? notFound(context)
}

/** Keeps a span of a calendar free of bookings, and says which visits are in it. */
export async function block(
  context: OperationContext,
  { id, body }: OperationInput,
): Promise<OperationAnswer> {
  const parsed = parseParameters('$block', body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  const schedule = await requireOwnCalendar(context, id)
  if ('status' in schedule) return schedule
  return changeCalendars(context, () => look({ context, schedule, input: parsed.input }))
}

/** Takes leave back. */
export async function unblock(
  context: OperationContext,
  { id, body }: OperationInput,
): Promise<OperationAnswer> {
  const parsed = parseParameters('$unblock', body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  const schedule = await requireOwnCalendar(context, id)
  if ('status' in schedule) return schedule
  const actors = actorsOf(schedule)
  const slotId = parsed.input.slot.slice('Slot/'.length)
  const touch = touchOf('update', undefined, [`Schedule/${schedule.id}`])
  return changeCalendars(context, async () => {
    const seen = await lookAtCalendars(context, {
      actors,
      also: () => readSlots(context.fhir, [slotId], context.signal),
    })
    if ('kind' in seen) return seen
    const [slot] = seen.also.filter(
      (one) => one.status === 'busy-unavailable' && one.schedule.reference === `Schedule/${schedule.id}`,
    )
    if (slot === undefined) return answerWith(notFound(context))
    const writes = new CalendarWrites().lock(seen.state.calendars, actors).deleteSlot(slot)
    const answer: Parameters = {
      resourceType: 'Parameters',
      parameter: [{ name: 'slot', valueReference: { reference: parsed.input.slot } }],
    }
    return { kind: 'write', writes, touch, answer: () => answered(answer, touch) }
  })
}
