import type { ResourceType } from '@medplum/fhirtypes'

import type { Caller } from './caller.ts'
import { ALLOW, type Decision, forbidden } from './decision.ts'
import { grantFor, reachablePatientIds } from './grants.ts'
import { OPERATION_TABLE } from './roles.ts'
import type { ScopeAction } from './scopes.ts'
import { decideSearch, type SearchParameters } from './search-rules.ts'
import { decideWrite, type Write } from './write-rules.ts'

/** One FHIR interaction, as access sees it. */
export type Interaction =
  | { kind: 'read' | 'vread' | 'history'; type: ResourceType; id: string }
  | { kind: 'search'; type: ResourceType; parameters: SearchParameters }
  | Write

/** A call of one of our operations. */
export type OperationRequest = {
  /** Absent at system level. */
  type?: ResourceType
  /** With its `$`. */
  name: string
  /** Every patient that the request names. */
  patientIds: readonly string[]
}

/** Decides an interaction before the record is asked. What comes back is still released one by one. */
export function decide(caller: Caller, interaction: Interaction): Decision {
  switch (interaction.kind) {
    case 'search':
      return decideSearch(caller, interaction.type, interaction.parameters)
    case 'create':
    case 'update':
    case 'delete':
      return decideWrite(caller, interaction)
    case 'read':
    case 'vread':
    case 'history': {
      const grant = grantFor(caller, interaction.type, 'r')
      if (!grant) return forbidden()
      const isConditional = grant.conditions !== undefined
      if (grant.reach === 'organization' && !isConditional) return ALLOW
      const patientIds = grant.reach === 'people' ? grant.patientIds : undefined
      return { outcome: 'narrow', patientIds, isConditional, parameters: [] }
    }
  }
}

/** Operations that change nothing; a token that may only read has these. */
const READING: ReadonlySet<string> = new Set(['$whoami', '$find', '$find-days', '$ics'])

/** A token limited to scopes must have the type that the operation works on, without conditions: operations see more than one resource. */
function tokenReaches({ scopes }: Caller, type: ResourceType | undefined, name: string): boolean {
  if (scopes === undefined || (type === undefined && READING.has(name))) return true
  const needed: readonly ScopeAction[] = READING.has(name) ? ['r'] : ['r', 'u']
  return needed.every((action) =>
    scopes.some(
      (scope) =>
        (scope.type === '*' || scope.type === type) &&
        scope.actions.includes(action) &&
        scope.query === undefined,
    ),
  )
}

/** Decides a call of an operation: the role must have it, and a caller who acts for people may name only those. */
export function decideOperation(caller: Caller, { type, name, patientIds }: OperationRequest): Decision {
  const key = type === undefined ? name : `${type}/${name}`
  const roles = Object.hasOwn(OPERATION_TABLE, key) ? (OPERATION_TABLE[key] ?? []) : []
  const having = caller.roles.filter((role) => roles.includes(role))
  if (having.length === 0 || !tokenReaches(caller, type, name)) return forbidden()
  if (having.some((role) => role !== 'patient') || type === undefined) return ALLOW
  const reachable = reachablePatientIds(caller, type)
  if (reachable.length === 0 || !patientIds.every((id) => reachable.includes(id))) return forbidden()
  return { outcome: 'narrow', patientIds: reachable, isConditional: false, parameters: [] }
}
