import type { Resource, ResourceType } from '@medplum/fhirtypes'
import { decide, type Decision, type Interaction } from '@openward/access'

import type { CursorSeal } from '#/lib/cursor.ts'
import type { Operation } from '#/lib/operation.ts'
import { badRequest, notFound, refusalOf } from '#/lib/refusal.ts'
import type { Session } from '#/lib/session.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One FHIR request, from HTTP or from an entry of a batch. */
export type FhirCall = {
  method: Method
  /** Segments behind `/fhir`, decoded. */
  path: readonly string[]
  /** Query and, for `_search`, the form. */
  parameters: readonly [string, string][]
  /** Parsed JSON. */
  body: unknown
  ifMatch: string | undefined
  ifNoneExist: string | undefined
  idempotencyKey: string | undefined
}

/** What is known of a request that cannot be read. */
export type Asked = Pick<FhirCall, 'method'> & Partial<Pick<FhirCall, 'path' | 'parameters'>>

export type FhirAnswer = {
  status: number
  resource?: Resource
  /** Instead of a resource. */
  text?: { content: string; contentType: string }
  headers: Record<string, string>
}

/** What every handler needs besides the call. */
export type Rest = {
  session: Session
  operations: readonly Operation[]
  seal: CursorSeal
  /** Public address of `/fhir`. */
  baseUrl: string
  /** Counts one more request against the person's limit; refused when it is used up. */
  charge: () => Promise<void>
}

const ID = /^[A-Za-z0-9\-.]{1,64}$/
const TYPE = /^[A-Z][A-Za-z]{1,63}$/

export function requireId(id: string): string {
  if (!ID.test(id)) throw badRequest('An id holds up to 64 letters, digits, hyphens and dots', 'id')
  return id
}

export function requireType(name: string): ResourceType {
  if (!TYPE.test(name)) throw notFound()
  return name as ResourceType
}

/** The body as a resource of this type. */
export function requireResource(body: unknown, type: string): Resource {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest('The body must be a resource')
  if (!('resourceType' in body) || body.resourceType !== type) {
    throw badRequest('The body must be a resource of the type in the address', 'resourceType')
  }
  return body as Resource
}

/** Asks access, and throws what it refuses. */
export function requireAllowed(
  session: Session,
  interaction: Interaction,
): Exclude<Decision, { outcome: 'refuse' }> {
  const decision = decide(session.caller, interaction)
  if (decision.outcome === 'refuse') throw refusalOf(decision)
  return decision
}

export function versionHeaders(resource: Resource): Record<string, string> {
  const { versionId, lastUpdated } = resource.meta ?? {}
  return {
    ...(versionId ? { etag: `W/"${versionId}"` } : {}),
    ...(lastUpdated ? { 'last-modified': new Date(lastUpdated).toUTCString() } : {}),
  }
}
