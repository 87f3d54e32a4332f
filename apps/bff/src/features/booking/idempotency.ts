import { createHash, randomUUID } from 'node:crypto'

import type { Appointment, Identifier } from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM, type Versioned } from '@openward/fhir-client'

import type { OperationContext } from '#/lib/operation.ts'

import { NO_CACHE } from './calendars.ts'

/** A request as it is remembered in what it wrote. */
export type RememberedRequest = { key: string; bodyHash: string }

const KEPT_KEYS = 12

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, canonical(one)]),
  )
}

/** Without a key of the client the request gets one of its own, by which an answer that never arrived is found again. */
export function rememberRequest(
  context: OperationContext,
  operation: string,
  body: unknown,
): RememberedRequest {
  const { caller, idempotencyKey } = context
  const key = JSON.stringify([caller.issuer, caller.subject, operation, idempotencyKey ?? randomUUID()])
  return { key: sha256(key), bodyHash: sha256(JSON.stringify(canonical(body))) }
}

/** What an earlier request with the same key wrote, as it is now; or that the key was used for something else. */
export async function findRemembered(
  context: OperationContext,
  request: RememberedRequest,
): Promise<Versioned<Appointment>[] | 'mismatch'> {
  const identifier = `${SYSTEM.idempotencyKey}|${request.key}`
  const found = await context.fhir.searchAll(
    'Appointment',
    { identifier, _count: 100 },
    { signal: context.signal, headers: NO_CACHE },
  )
  const isSame = found.every((appointment) =>
    appointment.identifier?.some(
      (one) =>
        one.value === request.key &&
        one.extension?.some(
          ({ url, valueString }) => url === EXTENSION.idempotencyBody && valueString === request.bodyHash,
        ),
    ),
  )
  return isSame ? found.sort((a, b) => (a.start ?? '').localeCompare(b.start ?? '')) : 'mismatch'
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
