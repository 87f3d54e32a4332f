import type { CareTeam, Patient } from '@medplum/fhirtypes'
import type { FhirClient, Versioned } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'
import { nextVisits } from './panel.ts'

const PER_PAGE = 200

export type PanelTeams = { teams: Versioned<CareTeam>[]; patients: Versioned<Patient>[] }

export const panelQueries = {
  /** The teams that somebody belongs to, and whom they are for. A panel is as large as one person can follow. */
  teams: (fhir: FhirClient, practitioner: string) =>
    queryOptions({
      queryKey: ['panel', practitioner],
      enabled: practitioner.startsWith('Practitioner/'),
      queryFn: async ({ signal }): Promise<PanelTeams> => {
        const teams: Versioned<CareTeam>[] = []
        const patients = new Map<string, Versioned<Patient>>()
        const query = {
          participant: practitioner,
          status: 'active',
          _include: ['CareTeam:patient'] as const,
          _count: PER_PAGE,
        }
        for await (const page of fhir.pages('CareTeam', query, { signal })) {
          teams.push(...page.resources)
          for (const one of page.included) patients.set(one.id, one)
        }
        return { teams, patients: [...patients.values()] }
      },
    }),
  /** The next visit of each of these people. */
  nextVisits: (fhir: FhirClient, patientIds: readonly string[]) =>
    queryOptions({
      queryKey: ['patient', patientIds, 'next-visits'],
      enabled: patientIds.length > 0,
      queryFn: async ({ signal }) => {
        const now = new Date()
        const visits = await fhir.searchAll(
          'Appointment',
          {
            patient: patientIds.map((id) => `Patient/${id}`).join(','),
            status: 'booked,arrived,checked-in',
            date: `ge${now.toISOString()}`,
            _sort: 'date',
            _count: PER_PAGE,
          },
          { signal },
        )
        return nextVisits(visits, now.getTime())
      },
    }),
}
