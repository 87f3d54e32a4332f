import type { Caller } from '@openward/access'

import { findCaller } from './person.ts'
import type { FhirBases } from './fhir-base.ts'
import { createSiteZones } from './site-zones.ts'
import type { Identity } from './token.ts'

const KEPT_MS = 5000
const MOST_KEPT = 10_000

/** Finds the caller in the record, and remembers the answer for at most five seconds. */
export function createCallerCache(bases: FhirBases, now: () => number) {
  const zonesOf = createSiteZones(now)
  const kept = new Map<string, { caller: Promise<Caller>; untilMs: number }>()
  return async function callerOf(identity: Identity, correlationId: string): Promise<Caller> {
    const { issuer, subject, organization, fhirUser, roles } = identity
    const key = JSON.stringify([issuer, subject, organization, fhirUser, roles])
    const hit = kept.get(key)
    const found =
      hit && hit.untilMs > now()
        ? hit.caller
        : findCaller(bases.clientFor(organization, correlationId), identity, now(), zonesOf)
    if (found !== hit?.caller) {
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(key, { caller: found, untilMs: now() + KEPT_MS })
      found.catch(() => kept.delete(key))
    }
    const { displayName, authenticatedAt, scopes } = identity
    return { ...(await found), displayName, authenticatedAt, scopes }
  }
}
