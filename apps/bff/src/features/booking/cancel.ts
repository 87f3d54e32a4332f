import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM, type Versioned, withExtension } from '@openward/fhir-client'
import { type CancelInput, parseParameters, type Refusal } from '@openward/scheduling'

import type { OperationAnswer, OperationContext, OperationInput } from '#/lib/operation.ts'

import { invalidInput, notFound, refusedAll, touchOf, visitsAnswer } from './answers.ts'
import { answerWith, changeCalendars, type Decision, lookAtCalendars, refuseWith } from './calendar.ts'
import { CalendarWrites } from './calendar-writes.ts'
import { isCancellationCode } from './cancellation-codes.ts'
import { slotsOf, withoutTime } from './freed.ts'
import { type RememberedRequest, rememberRequest, withRequest } from './idempotency.ts'
import { changedMeanwhile, mayBeChanged, readNotice } from './may-be-changed.ts'
import { noticeOf } from './notice.ts'
import { actingInVisit } from './permission.ts'
import { readVisit } from './read-visit.ts'
import { visitsInScope } from './series-visits.ts'
import { calendarActorsOf, isHold, patientsOf, sequenceOf } from './visit-state.ts'

type Asked = { context: OperationContext; id: string; input: CancelInput; request: RememberedRequest }

function cancelled(
  { context, input, request }: Asked,
  visit: Versioned<Appointment>,
): Versioned<Appointment> {
  const by = actingInVisit(context.caller, visit) ?? 'clinic'
  const code = input.reason?.code ?? (by === 'clinic' ? 'prov' : 'pat')
  const ended: Versioned<Appointment> = {
    ...withoutTime(visit),
    identifier: withRequest(visit.identifier, request),
    cancelationReason: {
      coding: [{ system: SYSTEM.cancellationReason, code }],
      ...(input.comment ? { text: input.comment } : {}),
    },
  }
  const named = withExtension(ended, EXTENSION.cancelledBy, { valueCode: by })
  return withExtension(named, EXTENSION.sequence, { valueInteger: sequenceOf(visit) + 1 })
}

async function readAll({ context, id, input }: Asked) {
  const visit = await readVisit(context, `Appointment/${id}`)
  if (visit === undefined) return undefined
  return { visit, visits: await visitsInScope(context, visit, input.scope) }
}

async function look(asked: Asked): Promise<Decision> {
  const { context, input, request } = asked
  const first = await readAll(asked)
  if (first === undefined) return answerWith(notFound(context))
  const actors = [first.visit, ...first.visits].flatMap(calendarActorsOf)
  const patients = patientsOf(first.visit)
  const seen = await lookAtCalendars(context, {
    actors,
    request,
    again: (visits) => visitsAnswer(visits, touchOf('update', patients, visits), 200),
    also: async () => ({ now: await readAll(asked), notice: await readNotice(context, first.visit) }),
  })
  if ('kind' in seen) return seen
  const { state, also } = seen
  if (also.now === undefined) return answerWith(notFound(context))
  const { visit, visits } = also.now
  if (visit.status === 'cancelled') return refuseWith(context, { ok: false, reason: 'already-cancelled' })
  if (input.version !== undefined && input.version !== visit.meta.versionId) {
    return refuseWith(context, changedMeanwhile(visit))
  }
  const own = mayBeChanged(context, visit, also.notice)
  if (!own.ok) return refuseWith(context, own)
  if (visits.length === 0) return refuseWith(context, { ok: false, reason: 'not-bookable' })
  const refusals = visits.flatMap((one): Refusal[] => {
    const verdict = mayBeChanged(context, one, also.notice)
    return verdict.ok ? [] : [{ ...verdict, parameters: { ...verdict.parameters, start: one.start ?? '' } }]
  })
  if (refusals.length > 0) return answerWith(refusedAll(context, refusals))
  const needed = visits.flatMap(calendarActorsOf)
  if (needed.some((actor) => !state.calendars.has(actor))) return { kind: 'again' }

  const writes = new CalendarWrites().lock(state.calendars, needed)
  for (const one of visits) {
    const reference = writes.updateAppointment(cancelled(asked, one))
    if (isHold(one)) continue
    for (const patient of patientsOf(one))
      writes.create(noticeOf('cancelled', reference, patient, context.now()))
  }
  for (const slot of await slotsOf(context, state, visits)) writes.deleteSlot(slot)
  return {
    kind: 'write',
    writes,
    touch: touchOf('update', patients, visits),
    answer: (stored) => visitsAnswer(stored, touchOf('update', patients, stored), 200),
  }
}

/** Cancels a visit, or the rest of its series, and gives the time back in the same transaction. */
export async function cancel(
  context: OperationContext,
  { id, body }: OperationInput,
): Promise<OperationAnswer> {
  const parsed = parseParameters('$cancel', body)
  if (!parsed.ok) return invalidInput(context, parsed.issues)
  const { input } = parsed
  if (id === undefined) return notFound(context)
  if (input.reason !== undefined && !isCancellationCode(input.reason)) {
    return invalidInput(context, [{ expression: "Parameters.parameter.where(name='reason')", code: 'value' }])
  }
  const request = rememberRequest(context, '$cancel', { id, ...input })
  return changeCalendars(context, () => look({ context, id, input, request }), request)
}
