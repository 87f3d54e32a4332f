import type { Parameters } from '@medplum/fhirtypes'
import type { FhirClient } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'

/** The signed-in person as the BFF knows them. */
export type Me = { reference: string; name: string; organizationId: string }

function meFrom(parameters: Parameters): Me {
  const one = (name: string) => parameters.parameter?.find((parameter) => parameter.name === name)
  return {
    reference: one('caller')?.valueReference?.reference ?? '',
    name: one('caller')?.valueReference?.display ?? '',
    organizationId: one('organization')?.valueString ?? '',
  }
}

export const meQueries = {
  me: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['me'],
      staleTime: 300_000,
      queryFn: async ({ signal }) =>
        meFrom(await fhir.operation<Parameters>({ name: '$whoami', query: {}, signal })),
    }),
}
