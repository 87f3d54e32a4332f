import type { HealthcareService, Location, Practitioner, PractitionerRole } from '@medplum/fhirtypes'
import { EXTENSION, type FhirClient, getExtension, referencedId, SYSTEM } from '@openward/fhir-client'
import { queryOptions } from '@tanstack/react-query'

/** A clinician with what they offer and where. */
export type Clinician = {
  id: string
  practitioner: Practitioner
  serviceIds: readonly string[]
  siteIds: readonly string[]
  /** Language tags they speak. */
  languages: readonly string[]
}

export type Clinic = { name: string; phone: string | undefined }

type RoleWithId = PractitionerRole & { id: string }

const STALE_MS = 300_000
const MOST = 500

function isInterpreter(role: PractitionerRole): boolean {
  return role.code?.some(({ coding }) => coding?.some(({ code }) => code === 'interpreter')) === true
}

function isString(value: string | undefined): value is string {
  return value !== undefined
}

/** One entry per person who can be booked, by family name; several roles are joined. */
export function cliniciansFrom(
  roles: readonly RoleWithId[],
  practitioners: ReadonlyMap<string, Practitioner>,
): Clinician[] {
  const byId = new Map<string, PractitionerRole[]>()
  for (const role of roles) {
    const id = referencedId(role.practitioner, 'Practitioner')
    if (id === undefined || isInterpreter(role) || !role.healthcareService?.length) continue
    byId.set(id, [...(byId.get(id) ?? []), role])
  }
  const clinicians = [...byId].flatMap(([id, own]): Clinician[] => {
    const practitioner = practitioners.get(id)
    if (!practitioner || practitioner.active === false) return []
    const unique = (values: (string | undefined)[]) => [...new Set(values.filter(isString))]
    return [
      {
        id,
        practitioner,
        serviceIds: unique(
          own.flatMap((role) =>
            (role.healthcareService ?? []).map((one) => referencedId(one, 'HealthcareService')),
          ),
        ),
        siteIds: unique(
          own.flatMap((role) => (role.location ?? []).map((one) => referencedId(one, 'Location'))),
        ),
        languages: unique((practitioner.communication ?? []).map(({ coding }) => coding?.[0]?.code)),
      },
    ]
  })
  const familyOf = ({ practitioner }: Clinician) => practitioner.name?.[0]?.family ?? ''
  return clinicians.toSorted((a, b) => familyOf(a).localeCompare(familyOf(b)))
}

function isSite(location: Location): boolean {
  return location.physicalType?.coding?.some(({ code }) => code === 'si') === true
}

/** Sites at which a service is offered. */
export function siteIdsOf(service: HealthcareService): string[] {
  return (service.location ?? []).map((one) => referencedId(one, 'Location')).filter(isString)
}

/** Who works where and what is offered; the same for everyone, so keys name no patient. */
export const directoryQueries = {
  services: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'services'],
      staleTime: STALE_MS,
      queryFn: async ({ signal }) =>
        (await fhir.search('HealthcareService', { active: true, _count: MOST }, { signal })).resources,
    }),
  sites: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'sites'],
      staleTime: STALE_MS,
      queryFn: async ({ signal }) => {
        const { resources } = await fhir.search('Location', { status: 'active', _count: MOST }, { signal })
        return resources.filter(isSite)
      },
    }),
  clinicians: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'clinicians'],
      staleTime: STALE_MS,
      queryFn: async ({ signal }) => {
        const page = await fhir.search(
          'PractitionerRole',
          { active: true, _include: ['PractitionerRole:practitioner'], _count: MOST },
          { signal },
        )
        return cliniciansFrom(page.resources, new Map(page.included.map((one) => [one.id, one])))
      },
    }),
  interpreterLanguages: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'interpreters'],
      staleTime: STALE_MS,
      queryFn: async ({ signal }) => {
        const page = await fhir.search(
          'PractitionerRole',
          {
            role: `${SYSTEM.role}|interpreter`,
            active: true,
            _include: ['PractitionerRole:practitioner'],
            _count: MOST,
          },
          { signal },
        )
        const codes = page.included.flatMap(({ communication }) =>
          (communication ?? []).map(({ coding }) => coding?.[0]?.code),
        )
        return [...new Set(codes.filter(isString))].filter((code) => code !== 'en').toSorted()
      },
    }),
  clinic: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory', 'clinic'],
      staleTime: STALE_MS,
      queryFn: async ({ signal }): Promise<Clinic> => {
        const { resources } = await fhir.search('Organization', { active: true, _count: 1 }, { signal })
        const branding = getExtension(resources[0], EXTENSION.branding)
        return {
          name: getExtension(branding, 'displayName')?.valueString ?? resources[0]?.name ?? '',
          phone:
            getExtension(branding, 'phone')?.valueString ??
            resources[0]?.telecom?.find(({ system }) => system === 'phone')?.value,
        }
      },
    }),
}
