import type { FhirClient } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'

export const patientQueries = {
  one: (fhir: FhirClient, patientId: string) =>
    queryOptions({
      queryKey: ['patient', patientId, 'record'],
      queryFn: ({ signal }) => fhir.read('Patient', patientId, { signal }),
    }),
}
