import type { CapabilityStatementRestResource, ResourceType } from '@medplum/fhirtypes'
import { ROLE_TABLE, ROLES, searchParametersFor } from '@openward/access'

import { type Check, expectThat, fail, NotSupported } from '../check.ts'
import type { TestedServer } from '../server.ts'

const WRITTEN = ['read', 'create', 'update', 'search-type'] as const
const WRITTEN_ONCE = ['create', 'update'] as const

/** What Openward does with resources of a type, besides what callers ask for. */
const INTERACTIONS: Partial<Record<ResourceType, readonly string[]>> = {
  Appointment: WRITTEN,
  AuditEvent: WRITTEN_ONCE,
  Basic: WRITTEN,
  CareTeam: WRITTEN,
  Consent: WRITTEN,
  Encounter: WRITTEN,
  HealthcareService: WRITTEN,
  Location: WRITTEN,
  Patient: WRITTEN,
  Person: ['read', 'search-type'],
  Practitioner: WRITTEN,
  PractitionerRole: WRITTEN,
  RelatedPerson: WRITTEN,
  Schedule: WRITTEN,
  ServiceRequest: ['read', 'search-type'],
  Slot: [...WRITTEN, 'delete'],
}

function rowsOf(server: TestedServer): Map<string, CapabilityStatementRestResource> {
  return new Map(server.statement?.rest?.[0]?.resource?.map((row) => [row.type ?? '', row]))
}

const statement: Check = async (server) => {
  const told = server.statement
  if (told === undefined) fail('metadata answers no CapabilityStatement')
  expectThat(
    told.fhirVersion?.startsWith('4.0') === true,
    `The FHIR version is ${String(told.fhirVersion).slice(0, 12)}, not 4.0.1`,
  )
  expectThat(Boolean(told.software?.name), 'The CapabilityStatement does not name its software')
  const [rest] = told.rest ?? []
  expectThat(rest?.mode === 'server', 'The CapabilityStatement describes no server')
  const system = rest.interaction?.map(({ code }) => code) ?? []
  for (const code of ['transaction', 'batch'] as const)
    expectThat(system.includes(code), `The CapabilityStatement does not name the interaction ${code}`)
  const rows = rowsOf(server)
  for (const [type, wanted] of Object.entries(INTERACTIONS)) {
    const offered = rows.get(type)?.interaction?.map(({ code }) => code as string) ?? []
    const missing = wanted.filter((code) => !offered.includes(code))
    expectThat(missing.length === 0, `The CapabilityStatement does not name ${missing.join(', ')} of ${type}`)
  }
}

const version: Check = async (server) => {
  if (!server.statement?.software?.version)
    throw new NotSupported('The CapabilityStatement tells no software version')
}

/** Every type that somebody may search, with the parameters that they may use: modifiers and results apart. */
function allowed(): [ResourceType, string[]][] {
  const types = ROLE_TABLE.flatMap(({ scopes }) => scopes.flatMap(({ type }) => (type === '*' ? [] : [type])))
  return [...new Set(types)].map((type) => [
    type as ResourceType,
    searchParametersFor(type as ResourceType, ROLES).filter(
      (name) => !name.includes(':') && !name.startsWith('_'),
    ),
  ])
}

const searchParameters: Check = async (server) => {
  const rows = rowsOf(server)
  const missing = allowed().flatMap(([type, names]) => {
    const told = new Set(rows.get(type)?.searchParam?.map(({ name }) => name))
    return names.filter((name) => !told.has(name)).map((name) => `${type}.${name}`)
  })
  if (missing.length === 0) return
  const some = missing.slice(0, 5).join(', ')
  throw new NotSupported(`Not listed: ${some}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}`)
}

export const STATEMENT = { statement, 'statement-version': version, 'statement-search': searchParameters }
