'use client'
import type { Appointment } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { holdParameters } from '@openward/scheduling'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'

import { usePerson } from '#/lib/person-context.tsx'
import { visitQueries } from '#/lib/visits.queries.ts'

import { openingQueries } from '#/lib/openings.queries.ts'

export type Choice = { id: string; appointment: Appointment; replacesId: string | undefined }

/**
 * Holds a chosen time for the person of this screen. One key is made per choice and kept until the answer is known, so that a second click or
 * a repeated request asks for the same hold.
 */
export function useHold(onHeld: (holdId: string) => void) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const { person } = usePerson()
  const keys = useRef(new Map<string, string>())
  return useMutation({
    mutationFn: ({ id, appointment, replacesId }: Choice) => {
      const key = keys.current.get(id) ?? crypto.randomUUID()
      keys.current.set(id, key)
      return fhir.operation<Versioned<Appointment>>({
        type: 'Appointment',
        name: '$hold',
        idempotencyKey: key,
        parameters: holdParameters({
          opening: appointment,
          patient: `Patient/${person.patientId}`,
          replaces: replacesId ? `Appointment/${replacesId}` : undefined,
        }),
      })
    },
    onSuccess: (hold) => onHeld(hold.id),
    onSettled: async (_hold, _error, { id }) => {
      keys.current.delete(id)
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: openingQueries.ofPerson(person.patientId) }),
        queryClient.invalidateQueries({ queryKey: visitQueries.ofPerson(person.patientId) }),
      ])
    },
  })
}
