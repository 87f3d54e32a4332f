import type {
  Bundle,
  HealthcareService,
  Location,
  Organization,
  Practitioner,
  PractitionerRole,
  Resource,
  ResourceType,
} from '@medplum/fhirtypes'
import {
  EXTENSION,
  type FhirClient,
  FhirResponseError,
  getExtension,
  referencedId,
  type ResourceOf,
} from '@openward/fhir-client'
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

type Clinic = { name: string; phone: string | undefined }

const STALE_MS = 300_000
const MOST = 500

function isInterpreter(role: PractitionerRole): boolean {
  return role.code?.some(({ coding }) => coding?.some(({ code }) => code === 'interpreter')) === true
}

function isString(value: string | undefined): value is string {
  return value !== undefined
}

/** One entry per person who can be booked, by family name; several roles are joined. */
function cliniciansFrom(
  roles: readonly PractitionerRole[],
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
        languages: languagesOf(practitioner),
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

/** What a patient sees of an organisation. */
export type Directory = {
  services: HealthcareService[]
  sites: Location[]
  clinicians: Clinician[]
  /** Languages for which there is an interpreter. */
  interpreterLanguages: string[]
  clinic: Clinic
}

const REQUESTS = [
  `HealthcareService?active=true&_count=${MOST}`,
  `Location?status=active&_count=${MOST}`,
  `PractitionerRole?active=true&_include=PractitionerRole:practitioner&_count=${MOST}`,
  'Organization?active=true&_count=1',
]

function ofType<T extends ResourceType>(resources: readonly Resource[], type: T): ResourceOf<T>[] {
  return resources.filter((one): one is ResourceOf<T> => one.resourceType === type)
}

function languagesOf(practitioner: Practitioner): string[] {
  return (practitioner.communication ?? []).map(({ coding }) => coding?.[0]?.code).filter(isString)
}

function clinicFrom(organization: Organization | undefined): Clinic {
  const branding = getExtension(organization, EXTENSION.branding)
  return {
    name: getExtension(branding, 'displayName')?.valueString ?? organization?.name ?? '',
    phone:
      getExtension(branding, 'phone')?.valueString ??
      organization?.telecom?.find(({ system }) => system === 'phone')?.value,
  }
}

function practitionerId(role: PractitionerRole): string {
  return referencedId(role.practitioner, 'Practitioner') ?? ''
}

/** Puts together what the searches found; interpreters are told apart from clinicians by their role. */
function directoryFrom(resources: readonly Resource[]): Directory {
  const roles = ofType(resources, 'PractitionerRole')
  const people = new Map(ofType(resources, 'Practitioner').map((one) => [one.id ?? '', one]))
  const interpreters = roles.filter(isInterpreter).flatMap((role) => people.get(practitionerId(role)) ?? [])
  return {
    services: ofType(resources, 'HealthcareService'),
    sites: ofType(resources, 'Location').filter(isSite),
    clinicians: cliniciansFrom(roles, people),
    interpreterLanguages: [...new Set(interpreters.flatMap(languagesOf))]
      .filter((code) => code !== 'en')
      .toSorted(),
    clinic: clinicFrom(ofType(resources, 'Organization')[0]),
  }
}

/** The first failure inside a batch, as the error it would have been on its own. */
function failureIn(bundle: Bundle): FhirResponseError | undefined {
  for (const { response } of bundle.entry ?? []) {
    const status = Number.parseInt(response?.status ?? '200', 10)
    if (status < 400) continue
    const code = status >= 500 ? 'unavailable' : 'unexpected-response'
    return new FhirResponseError(code, { method: 'GET', resourceType: 'system', status })
  }
  return undefined
}

/** Who works where and what is offered; the same for everyone, so the key names no patient. One call: the searches go as a batch. */
export const directoryQueries = {
  all: (fhir: FhirClient) =>
    queryOptions({
      queryKey: ['directory'],
      staleTime: STALE_MS,
      queryFn: async ({ signal }) => {
        const entry = REQUESTS.map((url) => ({ request: { method: 'GET' as const, url } }))
        const answer = await fhir.batch({ resourceType: 'Bundle', type: 'batch', entry }, { signal })
        const failure = failureIn(answer)
        if (failure) throw failure
        const bundles = (answer.entry ?? []).flatMap(({ resource }) =>
          resource?.resourceType === 'Bundle' ? [resource] : [],
        )
        return directoryFrom(
          bundles.flatMap((bundle) => (bundle.entry ?? []).flatMap(({ resource }) => resource ?? [])),
        )
      },
    }),
}
