import { definitions } from '../definitions/definitions.ts'
import { operationsOf } from '../operations/table.ts'
import { WRITTEN_ONCE } from '../writer/write.ts'
import { searchCapability, searchDocumentation, systemSearchCapability } from './search-capability.ts'

/** Rises with each change of behaviour that clients can see. `PROVEN_SOFTWARE` of packages/fhir-client names the same: booking needs it. */
const RECORD_VERSION = '1'

const INTERACTIONS = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
]

const CHANGES = new Set(['patch', 'delete'])

let cached: { base: string; body: string } | undefined

/** What this server does, from the same definitions that it searches by. */
export function capabilityStatement(base: string): string {
  if (cached?.base === base) return cached.body
  const body = JSON.stringify({
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-22',
    kind: 'instance',
    software: { name: 'Openward record', version: RECORD_VERSION },
    implementation: { description: 'The embedded record of Openward', url: base },
    fhirVersion: definitions.fhirVersion,
    format: ['json', 'application/fhir+json'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation: searchDocumentation(),
        security: { description: 'A bearer secret shared with the backend.' },
        resource: definitions.resourceTypes.map(resourceCapability),
        interaction: ['transaction', 'batch', 'history-system', 'search-system'].map((code) => ({ code })),
        ...systemSearchCapability(),
        ...operations(undefined),
      },
    ],
  })
  cached = { base, body }
  return body
}

function resourceCapability(type: string): object {
  return {
    type,
    interaction: INTERACTIONS.filter((code) => !CHANGES.has(code) || !WRITTEN_ONCE.has(type)).map((code) => ({
      code,
    })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: WRITTEN_ONCE.has(type) ? 'not-supported' : 'single',
    ...operations(type),
    ...searchCapability(type),
  }
}

function operations(type: string | undefined): object {
  const operation = operationsOf(type)
  return operation.length === 0 ? {} : { operation }
}
