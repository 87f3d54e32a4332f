import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes'

/** Everything that can go wrong with a FHIR request, as a closed list. Screens choose their words from it. */
export type FhirErrorCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'conflict'
  | 'precondition-failed'
  | 'invalid'
  | 'throttled'
  | 'timeout'
  | 'unavailable'
  | 'unexpected-response'

const CODE_OF_STATUS: Readonly<Record<number, FhirErrorCode>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  405: 'invalid',
  408: 'timeout',
  409: 'conflict',
  410: 'gone',
  412: 'precondition-failed',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  428: 'precondition-failed',
  429: 'throttled',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timeout',
}

const RETRYABLE: ReadonlySet<FhirErrorCode> = new Set(['throttled', 'timeout', 'unavailable'])

type Details = {
  method: string
  resourceType: string
  status?: number | undefined
  issues?: OperationOutcomeIssue[] | undefined
  correlationId?: string | undefined
  retryAfterSeconds?: number | undefined
  cause?: unknown
}

/**
 * A FHIR request that did not succeed. The message is a fixed sentence plus method, type, status and correlation id:
 * bodies, ids and `diagnostics` never enter it.
 */
export class FhirError extends Error {
  override readonly name: string = 'FhirError'
  readonly code: FhirErrorCode
  /** HTTP status, 0 when no answer arrived. */
  readonly status: number
  readonly issues: readonly OperationOutcomeIssue[]
  readonly retryable: boolean
  readonly correlationId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: FhirErrorCode, details: Details) {
    const { method, resourceType, status = 0, correlationId } = details
    super(
      `FHIR request failed: ${method} ${resourceType} ${code} (status ${status}${correlationId ? `, ${correlationId}` : ''})`,
      { cause: details.cause },
    )
    this.code = code
    this.status = status
    this.issues = details.issues ?? []
    this.retryable = RETRYABLE.has(code)
    this.correlationId = correlationId
    this.retryAfterSeconds = details.retryAfterSeconds
  }

  /** The first code of `system` among the issues' details, such as the reason of a refused booking. */
  reason(system: string): string | undefined {
    for (const issue of this.issues) {
      const coding = issue.details?.coding?.find((candidate) => candidate.system === system)
      if (coding?.code) return coding.code
    }
    return undefined
  }
}

/** The server answered, and refused: status 4xx or 5xx. */
export class FhirResponseError extends FhirError {
  override readonly name: string = 'FhirResponseError'
}

/** No usable answer: unreachable, timed out, or not FHIR. */
export class FhirTransportError extends FhirError {
  override readonly name: string = 'FhirTransportError'
}

function isOperationOutcome(body: unknown): body is OperationOutcome {
  return (
    typeof body === 'object' &&
    body !== null &&
    'resourceType' in body &&
    body.resourceType === 'OperationOutcome'
  )
}

/** The error for an answer with a 4xx or 5xx status. Classified by status first, since `OperationOutcome.id` means nothing portable. */
export function errorFromResponse(
  request: { method: string; resourceType: string },
  response: { status: number; headers: Headers; body: unknown },
): FhirResponseError {
  const outcome = isOperationOutcome(response.body) ? response.body : undefined
  const retryAfter = Number(response.headers.get('retry-after'))
  return new FhirResponseError(CODE_OF_STATUS[response.status] ?? 'unexpected-response', {
    ...request,
    status: response.status,
    issues: outcome?.issue,
    correlationId: response.headers.get('x-correlation-id') ?? outcome?.id,
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
  })
}
