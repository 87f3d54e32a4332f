import type {
  Appointment,
  Bundle,
  CareTeam,
  Consent,
  Encounter,
  ExtractResource,
  Group,
  HealthcareService,
  Location,
  Observation,
  Organization,
  Patient,
  Practitioner,
  PractitionerRole,
  RelatedPerson,
  Resource,
  ResourceType,
  Schedule,
  Slot,
} from '@medplum/fhirtypes'

type Common = '_id' | '_lastUpdated' | '_tag' | '_profile' | '_security'

/**
 * Search parameters that Openward uses, per type; other types take the common ones and any other name of the standard.
 * @see https://hl7.org/fhir/R4/searchparameter-registry.html
 */
type ParameterOf = {
  Appointment:
    | 'actor'
    | 'appointment-type'
    | 'date'
    | 'identifier'
    | 'location'
    | 'patient'
    | 'practitioner'
    | 'service-type'
    | 'slot'
    | 'status'
  CareTeam: 'patient' | 'participant' | 'status' | 'category'
  CommunicationRequest: 'patient' | 'subject' | 'status' | 'category' | 'occurrence'
  Condition: 'patient' | 'category' | 'clinical-status' | 'code'
  Consent: 'patient' | 'actor' | 'status' | 'period'
  Encounter: 'patient' | 'date' | 'class' | 'status' | 'participant' | 'practitioner' | 'appointment'
  Group: 'type' | 'actual' | 'member' | 'identifier'
  HealthcareService: 'active' | 'location' | 'name' | 'organization' | 'service-type' | 'specialty'
  Location: 'name' | 'partof' | 'organization' | 'status' | 'type' | 'address-city'
  Observation: 'patient' | 'category' | 'code' | 'date' | 'status'
  Organization: 'name' | 'identifier' | 'active'
  Patient:
    | 'name'
    | 'family'
    | 'given'
    | 'birthdate'
    | 'identifier'
    | 'phone'
    | 'email'
    | 'active'
    | 'general-practitioner'
  Person: 'link' | 'identifier' | 'name' | 'patient' | 'relatedperson'
  Practitioner: 'name' | 'identifier' | 'active' | 'communication'
  PractitionerRole: 'practitioner' | 'location' | 'service' | 'organization' | 'active' | 'specialty' | 'role'
  RelatedPerson: 'patient' | 'identifier' | 'active'
  Schedule: 'actor' | 'active' | 'date'
  Slot: 'schedule' | 'start' | 'status' | 'service-type' | 'identifier'
}

type ParameterName<T extends ResourceType> = T extends keyof ParameterOf ? ParameterOf[T] : string
type Modifier = '' | ':exact' | ':contains' | ':not' | ':missing' | ':identifier'
type Value = string | number | boolean

/** `[a, b]` repeats the parameter (AND); commas inside a string are OR, as the standard has it. */
type ParameterValue = Value | readonly Value[] | undefined

/** What an include of this name brings along. */
type IncludeOf = {
  'Appointment:actor':
    | Patient
    | Practitioner
    | PractitionerRole
    | Location
    | HealthcareService
    | RelatedPerson
  'Appointment:location': Location
  'Appointment:patient': Patient
  'Appointment:practitioner': Practitioner
  'Appointment:slot': Slot
  'CareTeam:patient': Patient
  'CareTeam:participant': Practitioner | RelatedPerson | Patient | Organization | CareTeam
  'Consent:patient': Patient
  'Encounter:appointment': Appointment
  'Encounter:patient': Patient
  'Group:member': Patient
  'HealthcareService:location': Location
  'Location:organization': Organization
  'Observation:patient': Patient
  'PractitionerRole:location': Location
  'PractitionerRole:practitioner': Practitioner
  'PractitionerRole:service': HealthcareService
  'RelatedPerson:patient': Patient
  'Schedule:actor': Patient | Practitioner | PractitionerRole | Location | HealthcareService
  'Slot:schedule': Schedule
}
/** Names that may be asked to be included, forward or reverse. */
export type IncludeName = keyof IncludeOf
type RevIncludeOf = {
  'Appointment:patient': Appointment
  'Consent:patient': Consent
  'Encounter:appointment': Encounter
  'Encounter:patient': Encounter
  'Group:member': Group
  'Location:partof': Location
  'Observation:patient': Observation
  'PractitionerRole:practitioner': PractitionerRole
  'PractitionerRole:service': PractitionerRole
  'RelatedPerson:patient': RelatedPerson
  'Schedule:actor': Schedule
  'Slot:schedule': Slot
}
/** Names that may be asked to be included in reverse. */
export type RevIncludeName = keyof RevIncludeOf

/** Typed query of one resource type. */
export type SearchQuery<
  T extends ResourceType,
  I extends IncludeName = never,
  R extends RevIncludeName = never,
> = {
  [Name in `${ParameterName<T> | Common}${Modifier}`]?: ParameterValue
} & {
  _include?: readonly I[]
  _revinclude?: readonly R[]
  _sort?: string
  _count?: number
  _total?: 'none' | 'estimate' | 'accurate'
  _summary?: 'count' | 'true' | 'false' | 'data' | 'text'
  _elements?: string
}

/** One page of a search: matches and included resources apart. */
export type SearchPage<Match extends Resource, Included extends Resource> = {
  resources: Match[]
  included: Included[]
  /** Number of matches over all pages, when the server says it. */
  total: number | undefined
  /** Address of the next page, relative to the FHIR base. */
  next: string | undefined
  bundle: Bundle
}

/** Resources that the includes of a query bring along. */
export type IncludedBy<I extends IncludeName, R extends RevIncludeName> = IncludeOf[I] | RevIncludeOf[R]

/** The resource type behind a type name. */
export type ResourceOf<T extends ResourceType> = ExtractResource<T>

/** A query as `name=value` pairs, in the given order. */
export function searchParameters(query: object): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query as Record<string, ParameterValue>)) {
    const values: readonly (Value | undefined)[] = Array.isArray(value) ? value : [value as Value | undefined]
    for (const one of values) if (one !== undefined) parameters.append(name, String(one))
  }
  return parameters
}

/** Reads a searchset: outcome entries are left in `bundle`. */
export function pageOf<Match extends Resource, Included extends Resource>(
  bundle: Bundle,
  baseUrl: string,
): SearchPage<Match, Included> {
  const resources: Match[] = []
  const included: Included[] = []
  for (const entry of bundle.entry ?? []) {
    if (!entry.resource || entry.search?.mode === 'outcome') continue
    if (entry.search?.mode === 'include') included.push(entry.resource as Included)
    else resources.push(entry.resource as Match)
  }
  const next = bundle.link?.find((link) => link.relation === 'next')?.url
  return { resources, included, total: bundle.total, next: next && relativeTo(baseUrl, next), bundle }
}

/** The address relative to the base. A page link that leaves the base is refused, since the token would go along. */
function relativeTo(baseUrl: string, address: string): string {
  const origin = 'http://relative.invalid'
  const base = new URL(`${baseUrl}/`, origin)
  const target = new URL(address, base)
  if (target.origin !== base.origin || !`${target.pathname}/`.startsWith(base.pathname)) {
    throw new TypeError('A page link leaves the FHIR base')
  }
  return `${target.pathname.slice(base.pathname.length)}${target.search}`
}
