import { createHash, randomUUID } from 'node:crypto'

import type { Appointment, Basic, Identifier } from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM, type Versioned } from '@openward/fhir-client'

import { canonicalJson } from '#/lib/canonical-json.ts'
import type { OperationContext } from '#/lib/operation.ts'

import { NO_CACHE } from './calendars.ts'

/** A request as it is remembered in what it wrote. */
export type RememberedRequest = {
  key: string
  bodyHash: string
  /** The key is the client's own: somebody else may send it at the same time. */
  isOfClient: boolean
}

/**
 * What an earlier request with the same key came to: nothing yet, the visits that it wrote as they are now, that the key was used for something else, or
 * that its visits have forgotten it.
 */
export type Served = Versioned<Appointment>[] | 'mismatch' | 'forgotten'

const KEPT_KEYS = 12

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** Without a key of the client the request gets one of its own, by which an answer that never arrived is found again. */
export function rememberRequest(
  context: OperationContext,
  operation: string,
  body: unknown,
): RememberedRequest {
  const { caller, idempotencyKey } = context
  const key = JSON.stringify([caller.issuer, caller.subject, operation, idempotencyKey ?? randomUUID()])
  const bodyHash = sha256(canonicalJson(body))
  return { key: sha256(key), bodyHash, isOfClient: idempotencyKey !== undefined }
}

/** The id is the key's hash: of all requests with one key, exactly one can write it. */
function usedKeyId({ key }: RememberedRequest): string {
  return Buffer.from(key, 'base64url').toString('hex')
}

/** Goes into the transaction of a request with a client's key. It says nothing about anybody's health, nor who they are. */
export function usedKey(request: RememberedRequest, now: number): Basic & { id: string } {
  return {
    resourceType: 'Basic',
    id: usedKeyId(request),
    extension: [{ url: EXTENSION.idempotencyBody, valueString: request.bodyHash }],
    code: { coding: [{ system: SYSTEM.idempotencyKey, code: 'used' }] },
    created: new Date(now).toISOString().slice(0, 10),
  }
}

function hasBody(of: Basic | Identifier | undefined, { bodyHash }: RememberedRequest): boolean {
  return (
    of?.extension?.some(
      ({ url, valueString }) => url === EXTENSION.idempotencyBody && valueString === bodyHash,
    ) === true
  )
}

/** What an earlier request with the same key came to. */
export async function findRemembered(context: OperationContext, request: RememberedRequest): Promise<Served> {
  const options = { signal: context.signal, headers: NO_CACHE }
  // first the key, then what was written with it: both are stored at once
  const [used] = request.isOfClient
    ? await context.fhir.searchAll('Basic', { _id: usedKeyId(request) }, options)
    : []
  if (used !== undefined && !hasBody(used, request)) return 'mismatch'
  const identifier = `${SYSTEM.idempotencyKey}|${request.key}`
  const found = await context.fhir.searchAll('Appointment', { identifier, _count: 100 }, options)
  const isSame = found.every((appointment) =>
    appointment.identifier?.some((one) => one.value === request.key && hasBody(one, request)),
  )
  if (!isSame) return 'mismatch'
  if (used !== undefined && found.length === 0) return 'forgotten'
  return found.sort((a, b) => (a.start ?? '').localeCompare(b.start ?? ''))
}

/** The identifiers of an Appointment with this request among them; the oldest requests are forgotten. */
export function withRequest(
  identifiers: readonly Identifier[] | undefined,
  request: RememberedRequest,
): Identifier[] {
  const all = identifiers ?? []
  const others = all.filter(({ system }) => system !== SYSTEM.idempotencyKey)
  const keys = all.filter(({ system }) => system === SYSTEM.idempotencyKey)
  const remembered: Identifier = {
    extension: [{ url: EXTENSION.idempotencyBody, valueString: request.bodyHash }],
    system: SYSTEM.idempotencyKey,
    value: request.key,
  }
  return [...others, ...keys.slice(1 - KEPT_KEYS), remembered]
}
