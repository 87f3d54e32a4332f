import type {
  Appointment,
  Extension,
  OperationOutcome,
  OperationOutcomeIssue,
  Resource,
} from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM } from '@openward/fhir-client'
import type { BookingReason, InputIssue, Refusal } from '@openward/scheduling'

import type { OperationAnswer, OperationContext, Touch } from '#/lib/operation.ts'

import { REASON_TEXT } from './reason-text.ts'

type ErrorAnswer = Extract<OperationAnswer, { outcome: OperationOutcome }>
/** Value of the reason parameter `instead`: what a person can do who cannot do it here. */
export const CALL_THE_CLINIC = 'call-the-clinic'

type IssueCode = OperationOutcomeIssue['code']

const ISSUE_CODE: Partial<Record<BookingReason, IssueCode>> = {
  'busy-try-again': 'lock-error',
  'changed-meanwhile': 'conflict',
  'booking-off': 'not-supported',
  'idempotency-mismatch': 'business-rule',
  taken: 'conflict',
  'held-by-someone-else': 'conflict',
  'own-overlap': 'conflict',
}

/** Every refusal answers 409, but a key that was used for something else, and a store too busy to decide. */
function statusOf(reason: BookingReason): ErrorAnswer['status'] {
  if (reason === 'idempotency-mismatch') return 422
  return reason === 'busy-try-again' ? 503 : 409
}

function parameterExtension([name, value]: [string, string]): Extension {
  return {
    url: EXTENSION.reasonParameter,
    extension: [
      { url: 'name', valueString: name },
      { url: 'value', valueString: value },
    ],
  }
}

function textOf({ reason, parameters }: Refusal): string {
  return parameters?.['instead'] === CALL_THE_CLINIC
    ? 'This visit is for several people. Please call the clinic to change it.'
    : REASON_TEXT[reason]
}

/** One issue with the reason as a code, and what a person needs to act on it as parameters. */
export function refusalIssue(
  refusal: Refusal,
  severity: OperationOutcomeIssue['severity'] = 'error',
): OperationOutcomeIssue {
  const parameters = Object.entries(refusal.parameters ?? {})
  return {
    ...(parameters.length > 0 ? { extension: parameters.map(parameterExtension) } : {}),
    severity,
    code: ISSUE_CODE[refusal.reason] ?? 'business-rule',
    details: {
      coding: [{ system: SYSTEM.bookingReason, code: refusal.reason }],
      text: textOf(refusal),
    },
  }
}

export function refusedAll(context: OperationContext, refusals: readonly Refusal[]): ErrorAnswer {
  const reason = refusals[0]?.reason ?? 'not-bookable'
  return {
    status: statusOf(reason),
    outcome: {
      resourceType: 'OperationOutcome',
      id: context.correlationId,
      issue: refusals.map((refusal) => refusalIssue(refusal)),
    },
    ...(reason === 'busy-try-again' ? { headers: { 'retry-after': '1' } } : {}),
  }
}

export function refused(context: OperationContext, refusal: Refusal): ErrorAnswer {
  return refusedAll(context, [refusal])
}

function failed(
  context: OperationContext,
  status: ErrorAnswer['status'],
  issue: OperationOutcomeIssue[],
): ErrorAnswer {
  return { status, outcome: { resourceType: 'OperationOutcome', id: context.correlationId, issue } }
}

export function invalidInput(context: OperationContext, issues: readonly InputIssue[]): ErrorAnswer {
  return failed(
    context,
    422,
    issues.map(({ expression, code }) => ({
      severity: 'error',
      code,
      details: { text: 'This part of the request cannot be used.' },
      expression: [expression],
    })),
  )
}

export function forbidden(context: OperationContext): ErrorAnswer {
  return failed(context, 403, [
    { severity: 'error', code: 'forbidden', details: { text: 'This is not open to the signed-in person.' } },
  ])
}

export function notFound(context: OperationContext): ErrorAnswer {
  return failed(context, 404, [
    { severity: 'error', code: 'not-found', details: { text: 'There is nothing here for this person.' } },
  ])
}

export function answered(
  resource: Resource,
  touch: Touch,
  status: 200 | 201 = 200,
): Extract<OperationAnswer, { resource: Resource }> {
  const headers: Record<string, string> = {}
  if (resource.meta?.versionId) headers['etag'] = `W/"${resource.meta.versionId}"`
  if (status === 201) headers['location'] = `${resource.resourceType}/${resource.id ?? ''}`
  return { status, resource, headers, touch }
}

/** Appointments by themselves, or by the reference that stands for one not stored yet. */
export function touchOf(
  action: Touch['action'],
  patients: string | readonly string[] | undefined,
  appointments: readonly (string | { id?: string })[],
): Touch {
  return {
    action,
    patientIds: [patients ?? []].flat().map((patient) => patient.slice('Patient/'.length)),
    entities: appointments.flatMap((one) => {
      if (typeof one === 'string') return [one]
      return one.id === undefined ? [] : [`Appointment/${one.id}`]
    }),
  }
}

/** One visit as itself, several as a collection. */
export function visitsAnswer(
  appointments: readonly (Appointment & { id: string })[],
  touch: Touch,
  status: 200 | 201,
): OperationAnswer {
  const [only] = appointments
  if (only !== undefined && appointments.length === 1) return answered(only, touch, status)
  const entry = appointments.map((resource) => ({ fullUrl: `Appointment/${resource.id}`, resource }))
  return { status, resource: { resourceType: 'Bundle', type: 'collection', entry }, touch }
}
