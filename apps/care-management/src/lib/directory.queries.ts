import type { Location, Practitioner, PractitionerRole } from '@medplum/fhirtypes'
import { type FhirClient, SYSTEM, type Versioned } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'

const PER_PAGE = 500
/** The roles of people who have a calendar that visits are booked in. */
const CALENDAR_ROLES = ['clinician', 'home-clinician', 'interpreter'] as const

function hasPhysicalType(location: Location, code: 'si' | 'ro'): boolean {
  return location.physicalType?.coding?.some((coding) => coding.code === code) === true
}

function byName<T extends { name?: string }>(a: T, b: T): number {
  return (a.name ?? '').localeCompare(b.name ?? '')
}

export type Places = { sites: Versioned<Location>[]; rooms: Versioned<Location>[] }

export type Staff = { roles: Versioned<PractitionerRole>[]; people: Versioned<Practitioner>[] }

/** What an organisation consists of. Screens that change it always read it anew; a clinic's directory is small. */
export const directoryQueries = {
  all: ['directory'] as const,
  places: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'places'],
      staleTime: 0,
      queryFn: async ({ signal }): Promise<Places> => {
        const all = await fhir.searchAll('Location', { _count: PER_PAGE }, { signal })
        return {
          sites: all.filter((one) => hasPhysicalType(one, 'si')).toSorted(byName),
          rooms: all.filter((one) => hasPhysicalType(one, 'ro')).toSorted(byName),
        }
      },
    }),
  services: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'services'],
      staleTime: 0,
      queryFn: async ({ signal }) =>
        (await fhir.searchAll('HealthcareService', { _count: PER_PAGE }, { signal })).toSorted(byName),
    }),
  staff: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'staff'],
      staleTime: 0,
      queryFn: async ({ signal }): Promise<Staff> => {
        const role = CALENDAR_ROLES.map((code) => `${SYSTEM.role}|${code}`).join(',')
        const people = new Map<string, Versioned<Practitioner>>()
        const roles: Versioned<PractitionerRole>[] = []
        const query = { role, _include: ['PractitionerRole:practitioner'] as const, _count: PER_PAGE }
        for await (const page of fhir.pages('PractitionerRole', query, { signal })) {
          roles.push(...page.resources)
          for (const one of page.included) people.set(one.id, one)
        }
        return { roles, people: [...people.values()] }
      },
    }),
  forms: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'forms'],
      queryFn: ({ signal }) =>
        fhir.searchAll('Questionnaire', { status: 'active', _count: PER_PAGE }, { signal }),
    }),
  organization: (fhir: FhirClient, id: string) =>
    queryOptions({
      queryKey: ['directory', 'organization', id],
      staleTime: 0,
      queryFn: ({ signal }) => fhir.read('Organization', id, { signal }),
    }),
}
