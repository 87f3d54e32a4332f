'use client'
import type { Appointment } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { holdParameters } from '@openward/scheduling'
import { useMutation, useQueryClient } from '@tanstack/react-query'

/** Holds a time once more after its hold ran out. */
export function useHoldAgain(patientId: string, onHeld: (holdId: string) => void) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: ({ opening, replacesId }: { opening: Appointment; replacesId: string | undefined }) =>
      fhir.operation<Versioned<Appointment>>({
        type: 'Appointment',
        name: '$hold',
        idempotencyKey: crypto.randomUUID(),
        parameters: holdParameters({
          opening,
          patient: `Patient/${patientId}`,
          replaces: replacesId ? `Appointment/${replacesId}` : undefined,
        }),
      }),
    onSuccess: (hold) => onHeld(hold.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['patient', patientId] }),
  })
}
