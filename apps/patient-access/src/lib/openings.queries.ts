import type { Bundle, Parameters } from '@medplum/fhirtypes'
import type { FhirClient } from '@openward/fhir-client'
import { findParameters } from '@openward/scheduling'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { daysFrom, foundFrom } from './opening.ts'
import type { Criteria } from './criteria.ts'
import { dayWindow, monthWindow, wholeWindow, type Window } from './windows.ts'

export type Wanted = { patientId: string; serviceId: string; criteria: Criteria }

const MOST_PER_DAY = 500
const STALE_MS = 15_000

function parametersOf({ patientId, serviceId, criteria }: Wanted, window: Window, count: number): Parameters {
  return findParameters({
    ...window,
    service: `HealthcareService/${serviceId}`,
    practitioners: criteria.clinicianIds.map((id) => `Practitioner/${id}`),
    locations: criteria.siteId ? [`Location/${criteria.siteId}`] : [],
    visitMode: criteria.mode,
    partOfDay: criteria.part,
    language: criteria.language,
    interpreter: criteria.interpreter,
    patient: `Patient/${patientId}`,
    ignoreAppointment: criteria.movesId ? `Appointment/${criteria.movesId}` : undefined,
    count,
  })
}

/** Times that can be had. Keys start with the person: age, referral and their own visits decide what is open. */
export const openingQueries = {
  ofPerson: (patientId: string) => ['patient', patientId, 'openings'] as const,

  month: (fhir: FhirClient, wanted: Wanted, month: string, zones: readonly string[]) =>
    queryOptions({
      queryKey: ['patient', wanted.patientId, 'openings', 'month', month, wanted, zones],
      staleTime: STALE_MS,
      placeholderData: keepPreviousData,
      queryFn: async ({ signal }) =>
        daysFrom(
          await fhir.operation<Parameters>({
            type: 'Appointment',
            name: '$find-days',
            parameters: parametersOf(wanted, monthWindow(month, zones), 0),
            signal,
          }),
        ),
    }),

  day: (fhir: FhirClient, wanted: Wanted, date: string, zones: readonly string[]) =>
    queryOptions({
      queryKey: ['patient', wanted.patientId, 'openings', 'day', date, wanted, zones],
      staleTime: STALE_MS,
      queryFn: async ({ signal }) => {
        const parameters = parametersOf(wanted, dayWindow(date, zones), MOST_PER_DAY)
        return foundFrom(
          await fhir.operation<Bundle>({ type: 'Appointment', name: '$find', parameters, signal }),
        )
      },
    }),

  /** The soonest openings from now on, or the reason why there is none at all. */
  first: (fhir: FhirClient, wanted: Wanted, horizonDays: number, count = 1) =>
    queryOptions({
      queryKey: ['patient', wanted.patientId, 'openings', 'first', wanted, horizonDays, count],
      staleTime: STALE_MS,
      queryFn: async ({ signal }) => {
        const parameters = parametersOf(wanted, wholeWindow(Date.now(), horizonDays), count)
        return foundFrom(
          await fhir.operation<Bundle>({ type: 'Appointment', name: '$find', parameters, signal }),
        )
      },
    }),
}
