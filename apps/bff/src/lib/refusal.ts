import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes'
import type { Refused } from '@openward/access'
import { FhirError } from '@openward/fhir-client'

type Options = { expression?: string | undefined; headers?: Record<string, string>; cause?: unknown }

/** A request that is not granted or not understood. Its message is fixed words that anyone may read. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: OperationOutcomeIssue['code']
  readonly expression: string | undefined
  readonly headers: Record<string, string>

  constructor(status: number, code: OperationOutcomeIssue['code'], message: string, options: Options = {}) {
    super(message, { cause: options.cause })
    this.status = status
    this.code = code
    this.expression = options.expression
    this.headers = options.headers ?? {}
  }
}

/** The same for an id that does not exist and for one that the caller may not see. */
export function notFound(): Refusal {
  return new Refusal(404, 'not-found', 'There is no such resource')
}

export function badRequest(message: string, expression?: string): Refusal {
  return new Refusal(400, 'invalid', message, { expression })
}

export function unavailable(message: string, cause?: unknown): Refusal {
  return new Refusal(503, 'transient', message, { headers: { 'retry-after': '5' }, cause })
}

/** What access refused, as an answer. */
export function refusalOf({ status, code, message, expression }: Refused): Refusal {
  return new Refusal(status, code, message, { expression })
}

type Failure = { status: number; headers: Record<string, string>; outcome: OperationOutcome }

function outcomeOf(correlationId: string, issue: OperationOutcomeIssue[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', id: correlationId, issue }
}

/** Codes and field names that the record gives are kept; its sentences may quote values and are not. */
function issuesOf(error: FhirError): OperationOutcomeIssue[] {
  const issues = error.issues.map(({ severity, code, expression }): OperationOutcomeIssue => {
    const issue: OperationOutcomeIssue = { severity, code, details: { text: sentenceOf(error) } }
    return expression ? { ...issue, expression } : issue
  })
  return issues.length > 0
    ? issues
    : [{ severity: 'error', code: 'processing', details: { text: sentenceOf(error) } }]
}

function sentenceOf({ code }: FhirError): string {
  if (code === 'precondition-failed' || code === 'conflict')
    return 'It was changed in the meantime; read it again'
  return 'The record did not accept this'
}

/** The record answered in a way that is not the caller's fault; an own sign-in that fails there is one of them. */
function unanswered(): Refusal {
  return new Refusal(502, 'exception', 'The record could not answer this')
}

function ofRecord(error: FhirError, correlationId: string): Failure {
  switch (error.code) {
    case 'not-found':
    case 'gone':
      return failureOf(notFound(), correlationId)
    case 'conflict':
    case 'precondition-failed':
    case 'invalid':
      return { status: error.status, headers: {}, outcome: outcomeOf(correlationId, issuesOf(error)) }
    case 'throttled':
    case 'timeout':
      return failureOf(unavailable('The record does not answer in time; try again shortly'), correlationId)
    case 'unavailable':
      return failureOf(
        error.status === 0 || error.status === 503
          ? unavailable('The record cannot be reached; try again shortly')
          : unanswered(),
        correlationId,
      )
    case 'unauthenticated':
    case 'forbidden':
    case 'unexpected-response':
      return failureOf(unanswered(), correlationId)
  }
}

/** The one place where errors become answers: an OperationOutcome with the correlation id, and nothing from below. */
export function failureOf(error: unknown, correlationId: string): Failure {
  if (error instanceof FhirError) return ofRecord(error, correlationId)
  if (error instanceof Refusal) {
    const { status, code, message, expression, headers } = error
    const issue: OperationOutcomeIssue = { severity: 'error', code, details: { text: message } }
    if (expression !== undefined) issue.expression = [expression]
    return { status, headers, outcome: outcomeOf(correlationId, [issue]) }
  }
  return failureOf(ofHttp(error), correlationId)
}

function ofHttp(error: unknown): Refusal {
  const { statusCode, code, name } = (error ?? {}) as { statusCode?: unknown; code?: unknown; name?: unknown }
  if (name === 'AbortError') return unavailable('The request was given up')
  if (statusCode === 413) return new Refusal(413, 'too-long', 'The body is larger than 1 MB')
  if (statusCode === 415) return new Refusal(415, 'not-supported', 'This content type is not offered')
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new Refusal(statusCode, 'invalid', 'The request cannot be read', { cause: code })
  }
  return new Refusal(500, 'exception', 'Something went wrong here; it has been noted')
}
