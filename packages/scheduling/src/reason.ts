/** Why a booking is refused: the codes of the system `booking-reason` (docs/architecture.md). Screens choose words by them. */
export const BOOKING_REASONS = [
  'taken',
  'held-by-someone-else',
  'hold-expired',
  'too-soon',
  'too-far-ahead',
  'outside-hours',
  'site-closed',
  'on-leave',
  'needs-referral',
  'age-limit',
  'not-offered-here',
  'own-overlap',
  'already-cancelled',
  'already-past',
  'too-late-to-cancel',
  'changed-meanwhile',
  'used-link',
  'no-room',
  'no-interpreter',
  'no-openings',
  'not-bookable',
  'busy-try-again',
  'booking-off',
  'idempotency-mismatch',
] as const
export type BookingReason = (typeof BOOKING_REASONS)[number]

/**
 * A refusal and what a person needs to act on it. Parameters by reason: too-soon `earliest` (instant), too-far-ahead `latest` (date), site-closed
 * `closure-start`, `closure-end` (dates), `closure-reason`, age-limit `minimum-age`, `maximum-age` (years), not-offered-here `visit-mode`,
 * too-late-to-cancel `latest` (instant), not-bookable `nextAt` (instant) or `instead` (`call-the-clinic`).
 */
export type Refusal = { ok: false; reason: BookingReason; parameters?: Record<string, string> }
export type Verdict = { ok: true } | Refusal

/** A refusal; parameters that are undefined are left out. */
export function refuse(reason: BookingReason, parameters: Record<string, string | undefined> = {}): Refusal {
  const known = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return known.length === 0
    ? { ok: false, reason }
    : { ok: false, reason, parameters: Object.fromEntries(known) }
}

/** Of many refusals the one given most often, the first of them when equal: what stands in the way. `no-openings` when there are none. */
export function commonestRefusal(refusals: readonly Refusal[]): Refusal {
  const counts = new Map<BookingReason, { count: number; first: Refusal }>()
  for (const refusal of refusals) {
    const known = counts.get(refusal.reason)
    if (known === undefined) counts.set(refusal.reason, { count: 1, first: refusal })
    else known.count += 1
  }
  let commonest: { count: number; first: Refusal } | undefined
  for (const one of counts.values()) {
    if (commonest === undefined || one.count > commonest.count) commonest = one
  }
  return commonest?.first ?? refuse('no-openings')
}
