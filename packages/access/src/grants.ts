import type { ResourceType } from '@medplum/fhirtypes'

import type { Caller, Role } from './caller.ts'
import { ROLE_TABLE } from './roles.ts'
import type { Scope, ScopeAction } from './scopes.ts'

/** What a caller may do with a type: everywhere in the organisation, for their own people, or not at all. */
export type Grant =
  | { reach: 'organization'; roles: readonly Role[] }
  | { reach: 'people'; roles: readonly Role[]; patientIds: readonly string[] }

/** A scope with a query grants nothing until release can check that query on every resource. */
function covers(scope: Scope, type: ResourceType, action: ScopeAction): boolean {
  return (
    (scope.type === '*' || scope.type === type) && scope.actions.includes(action) && scope.query === undefined
  )
}

/** Patients whose resources of this type the caller may see: self, and wards as far as their Consent goes. */
export function reachablePatientIds(caller: Caller, type: ResourceType): string[] {
  return caller.people
    .filter(({ resourceTypes }) => resourceTypes.includes('*') || resourceTypes.includes(type))
    .map(({ patientId }) => patientId)
}

/** The caller's right to an action on a type, the widest one where several roles give it. */
export function grantFor(caller: Caller, type: ResourceType, action: ScopeAction): Grant | undefined {
  const rows = ROLE_TABLE.filter(({ role }) => caller.roles.includes(role))
  const wide = rows.filter(({ scopes }) =>
    scopes.some((scope) => scope.context !== 'patient' && covers(scope, type, action)),
  )
  if (wide.length > 0) return { reach: 'organization', roles: wide.map(({ role }) => role) }
  const own = rows.filter(({ scopes }) => scopes.some((scope) => covers(scope, type, action)))
  if (own.length === 0) return undefined
  return {
    reach: 'people',
    roles: own.map(({ role }) => role),
    patientIds: reachablePatientIds(caller, type),
  }
}
