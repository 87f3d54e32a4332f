import type {
  Appointment,
  Bundle,
  Parameters,
  ParametersParameter,
  Resource,
  ResourceType,
} from '@medplum/fhirtypes'
import { referencedId } from '@openward/fhir-client'

import type { Caller } from './caller.ts'
import { ownersOf } from './compartment.ts'
import { grantFor } from './grants.ts'
import { maskFor } from './masks.ts'
import { fulfils } from './scope-conditions.ts'

/** Definitions and answers that carry no one's data. */
const OPEN: ReadonlySet<ResourceType> = new Set([
  'OperationOutcome',
  'CapabilityStatement',
  'OperationDefinition',
])

/** A joint visit shows a patient the people who work there, and nobody else's name. */
function withoutOtherPatients(resource: Resource, patientIds: readonly string[]): Resource {
  if (resource.resourceType !== 'Appointment') return resource
  const participant: Appointment['participant'] = resource.participant.filter(({ actor }) => {
    const id = referencedId(actor, 'Patient')
    return id === undefined || patientIds.includes(id)
  })
  return participant.length === resource.participant.length ? resource : { ...resource, participant }
}

function releaseParameter(caller: Caller, parameter: ParametersParameter): ParametersParameter | undefined {
  const { resource, part, ...rest } = parameter
  const released = resource && release(caller, resource)
  if (resource && !released) return undefined
  const parts = part?.flatMap((one) => releaseParameter(caller, one) ?? [])
  return { ...rest, ...(released ? { resource: released } : {}), ...(parts ? { part: parts } : {}) }
}

function releaseParameters(caller: Caller, { parameter, ...rest }: Parameters): Parameters {
  const released = parameter?.flatMap((one) => releaseParameter(caller, one) ?? [])
  return released ? { ...rest, parameter: released } : rest
}

/**
 * Releases every entry of a Bundle by itself. A dropped entry removes `total`, which would tell of it, and leaves the
 * links, so that paging goes on.
 */
export function releaseBundle(caller: Caller, bundle: Bundle): Bundle {
  let hasDropped = false
  const entry = bundle.entry?.flatMap((one) => {
    if (!one.resource) return [one]
    const resource = release(caller, one.resource)
    if (resource) return [{ ...one, resource }]
    hasDropped ||= one.search?.mode !== 'include'
    return []
  })
  const { total, ...rest } = { ...bundle, ...(entry ? { entry } : {}) }
  return hasDropped || total === undefined ? rest : { ...rest, total }
}

/**
 * Checks and masks one resource on its way out: the whole of it, the part the caller's roles need, or undefined.
 * What an operation computed (no id, no patient) is released by its type alone.
 */
export function release(caller: Caller, resource: Resource): Resource | undefined {
  if (OPEN.has(resource.resourceType)) return resource
  if (resource.resourceType === 'Bundle') return releaseBundle(caller, resource)
  if (resource.resourceType === 'Parameters') return releaseParameters(caller, resource)
  const grant = grantFor(caller, resource.resourceType, 'r')
  if (!grant) return undefined
  if (grant.conditions?.some((conditions) => fulfils(resource, conditions)) === false) return undefined
  if (grant.reach === 'organization') return maskFor(resource, grant.roles)
  const owners = ownersOf(resource)
  const isComputed = resource.id === undefined && owners.length === 0
  if (!isComputed && !owners.some((id) => grant.patientIds.includes(id))) return undefined
  return maskFor(withoutOtherPatients(resource, grant.patientIds), grant.roles)
}
