import type { BookingReason } from '@openward/scheduling'

/** Short and neutral, for people who read answers by hand; screens choose their own words by the code. */
export const REASON_TEXT: Readonly<Record<BookingReason, string>> = {
  taken: 'This time has been taken.',
  'held-by-someone-else': 'Someone else is booking this time.',
  'hold-expired': 'The time was held until a moment that has passed.',
  'too-soon': 'This time is too soon to be booked.',
  'too-far-ahead': 'This time is too far ahead to be booked.',
  'outside-hours': 'The clinician does not work at this time.',
  'site-closed': 'The site is closed at this time.',
  'on-leave': 'The clinician is away at this time.',
  'needs-referral': 'This service needs a referral.',
  'age-limit': 'This service is for people of another age.',
  'not-offered-here': 'This service is not offered in this way here.',
  'own-overlap': 'The patient has another visit at this time.',
  'already-cancelled': 'This visit has already been cancelled.',
  'already-past': 'This visit has already begun or is over.',
  'too-late-to-cancel': 'It is too late to change this visit online.',
  'changed-meanwhile': 'This visit has changed since it was shown.',
  'used-link': 'This has been used before.',
  'no-room': 'No room is free at this time.',
  'no-interpreter': 'No interpreter is free at this time.',
  'no-openings': 'There are no openings.',
  'not-bookable': 'This cannot be booked.',
  'busy-try-again': 'Many people are booking at once. Try again in a moment.',
  'booking-off':
    'Booking is off: nothing proves that this FHIR server keeps bookings apart. An administrator runs: npm run conformance -- <its address> --save',
  'idempotency-mismatch': 'This key was used for another request.',
}
