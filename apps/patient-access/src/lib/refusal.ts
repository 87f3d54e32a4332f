import { EXTENSION, FhirError, getExtension, listExtensions, SYSTEM } from '@openward/fhir-client'
import type { OperationOutcomeIssue } from '@medplum/fhirtypes'
import { BOOKING_REASONS, type BookingReason } from '@openward/scheduling'

/** Why the clinic's rules said no, with what a person needs to act on it (docs/architecture.md, Operations of booking). */
export type Refusal = {
  reason: BookingReason
  parameters: Readonly<Record<string, string>>
  correlationId: string | undefined
}

function parametersOf(issue: OperationOutcomeIssue): Record<string, string> {
  const pairs = listExtensions(issue, EXTENSION.reasonParameter).map((one) => [
    getExtension(one, 'name')?.valueString ?? '',
    getExtension(one, 'value')?.valueString ?? '',
  ])
  return Object.fromEntries(pairs) as Record<string, string>
}

/** The refusal that an issue carries; undefined for a reason we do not know. */
export function refusalOfIssue(
  issue: OperationOutcomeIssue | undefined,
  correlationId?: string,
): Refusal | undefined {
  const code = issue?.details?.coding?.find(({ system }) => system === SYSTEM.bookingReason)?.code
  const reason = BOOKING_REASONS.find((known) => known === code)
  return issue && reason ? { reason, parameters: parametersOf(issue), correlationId } : undefined
}

/** The refusal behind a failed request; undefined when it failed for another cause. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof FhirError)) return undefined
  const issue = error.issues.find((one) => refusalOfIssue(one) !== undefined)
  return refusalOfIssue(issue, error.correlationId)
}

/** Every refusal behind a failed request: a series that cannot be changed has one for each date, with its `start`. */
export function refusalsOf(error: unknown): Refusal[] {
  if (!(error instanceof FhirError)) return []
  return error.issues.flatMap((issue) => refusalOfIssue(issue, error.correlationId) ?? [])
}

const NO_CHOICE_HELPS: readonly BookingReason[] = [
  'needs-referral',
  'age-limit',
  'not-bookable',
  'booking-off',
]

/** Whether another clinic, clinician or time could help; not when it is about the person or the service. */
export function mayChoicesHelp(refusal: Refusal | undefined): boolean {
  return refusal === undefined || !NO_CHOICE_HELPS.includes(refusal.reason)
}
