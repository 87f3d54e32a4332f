import type { Appointment } from '@medplum/fhirtypes'
import { mayCancel, type Refusal, type ServiceRules, serviceRulesFrom } from '@openward/scheduling'

import type { OperationContext } from '#/lib/operation.ts'

import { NO_CACHE } from './calendars.ts'
import { actingFor } from './permission.ts'
import { participantsOfType, patientOf, timeZoneOf } from './visit-state.ts'

type Notice = Pick<ServiceRules, 'cancelNoticeMinutes'>

/** Whether the caller may still cancel or move a visit. */
export function mayBeChanged(
  context: OperationContext,
  visit: Appointment,
  rules: Notice,
): { ok: true } | Refusal {
  const by = actingFor(context.caller, patientOf(visit))
  if (by === undefined) return { ok: false, reason: 'not-bookable' }
  return mayCancel({
    status: visit.status,
    startMs: Date.parse(visit.start ?? ''),
    rules,
    now: context.now(),
    by,
    timeZone: timeZoneOf(visit) ?? 'UTC',
  })
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

/** The visit was shown in another version: what it is now, in codes. */
export function changedMeanwhile(visit: Appointment): Refusal {
  const { status, start } = visit
  return {
    ok: false,
    reason: 'changed-meanwhile',
    parameters: { status, ...(start === undefined ? {} : { start }) },
  }
}
