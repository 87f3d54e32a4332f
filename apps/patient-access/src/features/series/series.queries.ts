import type { Appointment, Bundle, Parameters } from '@medplum/fhirtypes'
import type { FhirClient } from '@openward/fhir-client'
import { seriesParameters } from '@openward/scheduling'
import { queryOptions } from '@tanstack/react-query'

import { occurrencesFrom } from './series.ts'
import type { SeriesState } from './series-state.ts'

export const seriesQueries = {
  /** Every date of the series, checked by the clinic's rules now; books nothing. */
  check: (fhir: FhirClient, patientId: string, serviceId: string, opening: Appointment, state: SeriesState) =>
    queryOptions({
      queryKey: ['patient', patientId, 'openings', 'series', serviceId, state, opening],
      staleTime: 0,
      queryFn: async ({ signal }) =>
        occurrencesFrom(
          await fhir.operation<Parameters>({
            type: 'Appointment',
            name: '$series',
            // A check changes nothing and may be repeated; without a key it would never be.
            idempotencyKey: crypto.randomUUID(),
            parameters: seriesParameters({
              opening,
              patient: `Patient/${patientId}`,
              count: state.count,
              intervalWeeks: state.everyWeeks,
            }),
            signal,
          }),
        ),
    }),
}

/** Books the chosen dates, all of them or none. */
export async function bookSeries(
  fhir: FhirClient,
  of: { patientId: string; opening: Appointment; state: SeriesState; chosen: string[]; key: string },
): Promise<string | undefined> {
  const answer = await fhir.operation<Bundle | Appointment>({
    type: 'Appointment',
    name: '$series',
    idempotencyKey: of.key,
    parameters: seriesParameters({
      opening: of.opening,
      patient: `Patient/${of.patientId}`,
      count: of.state.count,
      intervalWeeks: of.state.everyWeeks,
      chosen: of.chosen,
    }),
  })
  if (answer.resourceType === 'Appointment') return answer.id
  const visits = (answer.entry ?? []).map(({ resource }) => resource)
  return visits.find((one) => one?.resourceType === 'Appointment')?.id
}
