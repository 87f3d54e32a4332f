import type { Resource, ResourceType } from '@medplum/fhirtypes'

import { valuesAt } from './compartment.ts'
import type { ScopeCondition } from './scopes.ts'

/**
 * Where the search parameters that a scope may name are found in a resource. All are tokens: a CodeableConcept, a Coding
 * or a code. A scope that names another parameter grants nothing.
 * @see https://hl7.org/fhir/smart-app-launch/STU2/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters
 */
const TOKENS: Partial<Record<ResourceType, Readonly<Record<string, string>>>> = {
  AllergyIntolerance: { category: 'category', 'clinical-status': 'clinicalStatus' },
  CarePlan: { category: 'category', status: 'status' },
  CareTeam: { category: 'category', status: 'status' },
  Communication: { category: 'category', status: 'status' },
  Condition: { category: 'category', 'clinical-status': 'clinicalStatus', code: 'code' },
  DiagnosticReport: { category: 'category', code: 'code', status: 'status' },
  DocumentReference: { category: 'category', status: 'status', type: 'type' },
  Encounter: { class: 'class', status: 'status' },
  Goal: { category: 'category', 'lifecycle-status': 'lifecycleStatus' },
  Location: { status: 'status' },
  MedicationRequest: { intent: 'intent', status: 'status' },
  Observation: { category: 'category', code: 'code', status: 'status' },
  Procedure: { category: 'category', code: 'code', status: 'status' },
  ServiceRequest: { category: 'category', code: 'code', intent: 'intent', status: 'status' },
}

type Token = { system?: string; code?: string }

function tokensIn(value: unknown): Token[] {
  if (typeof value === 'string') return [{ code: value }]
  if (typeof value !== 'object' || value === null) return []
  const { coding, system, code } = value as { coding?: unknown; system?: unknown; code?: unknown }
  if (Array.isArray(coding)) return coding.flatMap(tokensIn)
  return [
    {
      ...(typeof system === 'string' ? { system } : {}),
      ...(typeof code === 'string' ? { code } : {}),
    },
  ]
}

/** `code`, `system|code`, `system|` (any code) and `|code` (no system), as searches have it. */
function isToken({ system, code }: Token, wanted: string): boolean {
  const bar = wanted.indexOf('|')
  if (bar < 0) return code === wanted
  const [wantedSystem, wantedCode] = [wanted.slice(0, bar), wanted.slice(bar + 1)]
  return (system ?? '') === wantedSystem && (wantedCode === '' || code === wantedCode)
}

/** Whether release can check these conditions on resources of the type. */
export function canCheck(type: ResourceType, conditions: readonly ScopeCondition[]): boolean {
  return conditions.every(({ name }) => Object.hasOwn(TOKENS[type] ?? {}, name))
}

/** Whether a resource fulfils every condition; one that cannot be checked is not fulfilled. */
export function fulfils(resource: Resource, conditions: readonly ScopeCondition[]): boolean {
  const paths = TOKENS[resource.resourceType] ?? {}
  return conditions.every(({ name, values }) => {
    const path = Object.hasOwn(paths, name) ? paths[name] : undefined
    if (path === undefined) return false
    const tokens = valuesAt(resource, path.split('.')).flatMap(tokensIn)
    return values.some((wanted) => tokens.some((token) => isToken(token, wanted)))
  })
}
