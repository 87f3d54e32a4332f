import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { answered, notFound, touchOf, visitsAnswer } from './answers.ts'
import { answerWith, changeCalendars, type Decision, lookAtCalendars, refuseWith } from './calendar.ts'
import { CalendarWrites } from './calendar-writes.ts'
import { slotsOf, withoutTime } from './freed.ts'
import { readVisit } from './read-visit.ts'
import { calendarActorsOf, heldUntilMs, isHold, patientOf } from './visit-state.ts'

async function look(context: OperationContext, reference: string): Promise<Decision> {
  const first = await readVisit(context, reference)
  if (first === undefined) return answerWith(notFound(context))
  const seen = await lookAtCalendars(context, {
    actors: calendarActorsOf(first),
    also: () => readVisit(context, reference),
  })
  if ('kind' in seen) return seen
  const { state, also: held } = seen
  if (held === undefined) return answerWith(notFound(context))
  const patient = patientOf(held)
  if (held.status === 'cancelled' && heldUntilMs(held) !== undefined) {
    return answerWith(answered(held, touchOf('update', patient, [held])))
  }
  if (!isHold(held)) {
    return refuseWith(context, { ok: false, reason: 'used-link', parameters: { status: held.status } })
  }
  const actors = calendarActorsOf(held)
  if (actors.some((actor) => !state.calendars.has(actor))) return { kind: 'again' }
  const writes = new CalendarWrites().lock(state.calendars, actors)
  writes.updateAppointment(withoutTime(held))
  for (const slot of await slotsOf(context, state, [held])) writes.deleteSlot(slot)
  return {
    kind: 'write',
    writes,
    touch: touchOf('update', patient, [held]),
    answer: (stored) => visitsAnswer(stored, touchOf('update', patient, stored), 200),
  }
}

/** Gives a hold up before its end. A hold that is already given up stays so. */
export async function releaseHold(
  context: OperationContext,
  { id }: OperationInput,
): Promise<OperationAnswer> {
  if (id === undefined) return notFound(context)
  return changeCalendars(context, () => look(context, `Appointment/${id}`))
}
