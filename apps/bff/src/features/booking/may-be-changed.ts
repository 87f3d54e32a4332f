import type { Appointment } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { mayCancel, type Refusal, type ServiceRules, serviceRulesFrom } from '@openward/scheduling'

import type { OperationContext } from '#/lib/operation.ts'

import { CALL_THE_CLINIC } from './answers.ts'
import { NO_CACHE } from './calendars.ts'
import { actingInVisit } from './permission.ts'
import { readVisit } from './read-visit.ts'
import { participantsOfType, patientsOf, timeZoneOf } from './visit-state.ts'

type Notice = Pick<ServiceRules, 'cancelNoticeMinutes'>

const FOR_SEVERAL: Refusal = {
  ok: false,
  reason: 'not-bookable',
  parameters: { instead: CALL_THE_CLINIC },
}

/** Whether the caller may still cancel or move a visit. What is for several people is not for one of them to give up. */
export function mayBeChanged(
  context: OperationContext,
  visit: Appointment,
  rules: Notice,
): { ok: true } | Refusal {
  const by = actingInVisit(context.caller, visit)
  if (by === undefined) return { ok: false, reason: 'not-bookable' }
  const verdict = mayCancel({
    status: visit.status,
    startMs: Date.parse(visit.start ?? ''),
    rules,
    now: context.now(),
    by,
    timeZone: timeZoneOf(visit) ?? 'UTC',
  })
  return verdict.ok && by !== 'clinic' && patientsOf(visit).length > 1 ? FOR_SEVERAL : verdict
}

/**
 * Whether the caller may still move a visit: by the notice that the visit's own service asks for, whatever it is moved to, and only within that service.
 * A visit for several people is moved where it was made.
 */
export function mayBeMoved(
  context: OperationContext,
  visit: Appointment,
  to: { notice: Notice; service: string },
): { ok: true } | Refusal {
  const verdict = mayBeChanged(context, visit, to.notice)
  if (!verdict.ok) return verdict
  if (patientsOf(visit).length > 1) return FOR_SEVERAL
  return isOfService(visit, to.service) ? verdict : { ok: false, reason: 'not-bookable' }
}

export function isOfService(visit: Appointment, service: string): boolean {
  return participantsOfType(visit, 'HealthcareService')[0] === service
}

/** The notice that a visit's service asks for; none when it names no service, or one whose rules cannot be read. */
export async function readNotice(context: OperationContext, visit: Appointment): Promise<Notice> {
  const [reference] = participantsOfType(visit, 'HealthcareService')
  if (reference === undefined) return { cancelNoticeMinutes: 0 }
  const [service] = await context.fhir.searchAll(
    'HealthcareService',
    { _id: reference.slice('HealthcareService/'.length) },
    { signal: context.signal, headers: NO_CACHE },
  )
  const rules = service && serviceRulesFrom(service)
  return rules?.ok ? rules.value : { cancelNoticeMinutes: 0 }
}

/** A visit that is to be moved, with the notice that its service asks for; undefined when the caller may not see it. */
export type Movable = { visit: Versioned<Appointment>; notice: Notice }

export async function readMovable(
  context: OperationContext,
  reference: string,
): Promise<Movable | undefined> {
  const visit = await readVisit(context, reference)
  return visit && { visit, notice: await readNotice(context, visit) }
}

/** The visit was shown in another version: what it is now, in codes. */
export function changedMeanwhile(visit: Appointment): Refusal {
  const { status, start } = visit
  return {
    ok: false,
    reason: 'changed-meanwhile',
    parameters: { status, ...(start === undefined ? {} : { start }) },
  }
}
