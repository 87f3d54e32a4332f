import type { Identifier, Resource, ResourceType } from '@medplum/fhirtypes'

import type { Role } from './caller.ts'

type Mask = { keep: readonly string[]; identifierSystems?: readonly string[] }

const ALWAYS = ['resourceType', 'id', 'meta']
const NPI = 'http://hl7.org/fhir/sid/us-npi'
const SUBSETTED = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'Resource encoded in summary mode',
}

const PATIENT_TO_CONTACT: Mask = {
  keep: [
    'active',
    'name',
    'telecom',
    'gender',
    'birthDate',
    'deceasedBoolean',
    'deceasedDateTime',
    'address',
    'communication',
    'managingOrganization',
  ],
}
const PATIENT_TO_SCHEDULE: Mask = {
  keep: [...PATIENT_TO_CONTACT.keep, 'identifier', 'contact', 'generalPractitioner', 'link'],
}

/** Minimum necessary: what is left of a type for a role. A role without a row sees the whole resource. */
const MASKS: Partial<Record<Role, Partial<Record<ResourceType, Mask>>>> = {
  patient: {
    Practitioner: {
      keep: ['active', 'identifier', 'name', 'gender', 'photo', 'qualification', 'communication'],
      identifierSystems: [NPI],
    },
  },
  scheduler: { Patient: PATIENT_TO_SCHEDULE },
  supervisor: { Patient: PATIENT_TO_SCHEDULE },
  'privacy-officer': { Patient: PATIENT_TO_SCHEDULE },
  'outreach-author': {
    Patient: PATIENT_TO_CONTACT,
    Appointment: { keep: ['status', 'serviceType', 'start', 'end', 'participant'] },
  },
  'outreach-approver': { Patient: PATIENT_TO_CONTACT },
}

/** Whether any of the roles sees less than the whole of a type. */
export function isMasked(type: ResourceType, roles: readonly Role[]): boolean {
  return roles.every((role) => MASKS[role]?.[type] !== undefined)
}

/** The part of a resource that these roles need; the same object where they may see all of it. */
export function maskFor(resource: Resource, roles: readonly Role[]): Resource {
  const masks = roles.flatMap((role) => MASKS[role]?.[resource.resourceType] ?? [])
  if (masks.length < roles.length) return resource
  const kept = new Set([...ALWAYS, ...masks.flatMap(({ keep }) => keep)])
  const entries = Object.entries(resource).filter(([name]) => kept.has(name.replace(/^_/, '')))
  const masked: Record<string, unknown> = Object.fromEntries(entries)
  const systems = masks.every(({ identifierSystems }) => identifierSystems)
    ? masks.flatMap(({ identifierSystems }) => identifierSystems ?? [])
    : undefined
  if (systems && Array.isArray(masked.identifier)) {
    masked.identifier = masked.identifier.filter(({ system }: Identifier) => systems.includes(system ?? ''))
  }
  masked.meta = { ...resource.meta, tag: [...(resource.meta?.tag ?? []), SUBSETTED] }
  return masked as unknown as Resource
}
