import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'
import type { Refusal } from '@openward/scheduling'

import { isExpiredHold, isHold } from './visit-state.ts'

/** Why a hold cannot be booked any more; undefined while it can. A cancelled Appointment that still says until when it was held never was a visit. */
export function holdState(held: Appointment, now: number): Refusal | undefined {
  if (isHold(held)) return isExpiredHold(held, now) ? { ok: false, reason: 'hold-expired' } : undefined
  if (held.status !== 'cancelled')
    return { ok: false, reason: 'used-link', parameters: { status: held.status } }
  const until = getExtension(held, EXTENSION.heldUntil)?.valueInstant
  if (until === undefined) return { ok: false, reason: 'already-cancelled' }
  return { ok: false, reason: Date.parse(until) <= now ? 'hold-expired' : 'used-link' }
}
