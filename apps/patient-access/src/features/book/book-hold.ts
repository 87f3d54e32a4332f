'use client'
import type { Appointment, Bundle } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import {
  type BookingDetailsForm,
  bookParameters,
  rescheduleParameters,
  type Scope,
} from '@openward/scheduling'
import { useMutation, useQueryClient } from '@tanstack/react-query'

import { openingOfVisit } from '#/lib/opening-of-visit.ts'
import type { Visit } from '#/lib/visit.ts'
import { visitQueries } from '#/lib/visits.queries.ts'

type Confirmed = { hold: Visit; details: BookingDetailsForm; original: Visit | undefined; scope?: Scope }
type Moved = Versioned<Appointment> | Bundle

/** A move of several visits names the time; a hold is of one. Both keep the version that the person saw. */
function moveTo(hold: Visit, original: Visit, scope: Scope) {
  const version = original.versionId
  return rescheduleParameters(
    scope === 'this'
      ? { hold: `Appointment/${hold.id}`, version }
      : { opening: openingOfVisit(hold), scope, version },
  )
}

/**
 * Turns a hold into a visit. The key is made of the hold alone, so a double click, the same page in two tabs, or going back and sending again
 * all ask for the same visit. The person is named with the hold: the server refuses a hold of somebody else.
 */
export function useBookHold(patientId: string, onBooked: (visitId: string, count: number) => void) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: ({ hold, details, original, scope = 'this' }: Confirmed) =>
      original
        ? fhir.operation<Moved>({
            type: 'Appointment',
            id: original.id,
            name: '$reschedule',
            idempotencyKey: scope === 'this' ? `move-${hold.id}` : `move-${hold.id}-${scope}`,
            parameters: moveTo(hold, original, scope),
          })
        : fhir.operation<Moved>({
            type: 'Appointment',
            name: '$book',
            idempotencyKey: `book-${hold.id}`,
            parameters: bookParameters({
              hold: `Appointment/${hold.id}`,
              patient: `Patient/${patientId}`,
              ...details,
            }),
          }),
    onSuccess: (stored, { hold, original }) =>
      stored.resourceType === 'Bundle'
        ? onBooked(original?.id ?? hold.id, stored.entry?.length ?? 1)
        : onBooked(stored.id, 1),
    // What is on screen is left alone while the next screen comes; a failure needs the truth at once.
    onSettled: (_visit, error) =>
      queryClient.invalidateQueries({
        queryKey: ['patient', patientId],
        refetchType: error ? 'active' : 'none',
      }),
  })
}

/** Gives a hold back before its time is up. */
export function useReleaseHold(patientId: string, onReleased: () => void) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (hold: Visit) =>
      fhir.operation<Versioned<Appointment>>({ type: 'Appointment', id: hold.id, name: '$release' }),
    onSettled: async () => {
      await queryClient.invalidateQueries({ queryKey: visitQueries.ofPerson(patientId) })
      onReleased()
    },
  })
}
