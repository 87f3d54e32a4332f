import type { Appointment } from '@medplum/fhirtypes'
import { EXTENSION, type Versioned, withExtension } from '@openward/fhir-client'

import type { Choice } from './choose.ts'
import { type RememberedRequest, withRequest } from './idempotency.ts'
import { commonFields, participantsOf, timeOf } from './visit.ts'
import { patientOf, sequenceOf } from './visit-state.ts'
import type { Offer } from './wish.ts'

/** The same visit at another time: its id, its words and its history stay, calendar programs see a newer version. */
export function movedVisit(
  original: Versioned<Appointment>,
  of: {
    offer: Offer
    choice: Choice
    slot: { reference: string }[]
    request: RememberedRequest
    display?: string | undefined
  },
): Versioned<Appointment> {
  const { offer, choice } = of
  const { extension, ...common } = commonFields(offer)
  let moved: Versioned<Appointment> = {
    ...original,
    ...common,
    ...timeOf(offer, choice.startMs),
    identifier: withRequest(original.identifier, of.request),
    status: 'booked',
    participant: participantsOf(
      offer,
      choice,
      { reference: patientOf(original) ?? '', display: of.display },
      'accepted',
    ),
    slot: of.slot,
  }
  for (const { url, ...value } of extension) moved = withExtension(moved, url, value)
  return withExtension(moved, EXTENSION.sequence, { valueInteger: sequenceOf(original) + 1 })
}
