import type { ResourceType } from '@medplum/fhirtypes'

import type { Caller, Role } from './caller.ts'
import { ROLE_TABLE } from './roles.ts'
import { canCheck } from './scope-conditions.ts'
import { conditionsOf, intersectScopes, type Scope, type ScopeAction, type ScopeCondition } from './scopes.ts'

/** What a caller may do with a type: everywhere in the organisation, for their own people, or not at all. */
export type Grant = {
  roles: readonly Role[]
  /** Each list must hold as a whole, any of the lists is enough; undefined where the right has no conditions. */
  conditions: readonly (readonly ScopeCondition[])[] | undefined
} & ({ reach: 'organization' } | { reach: 'people'; patientIds: readonly string[] })

/** Patients whose resources of this type the caller may see: self, and wards as far as their Consent goes. */
export function reachablePatientIds(caller: Caller, type: ResourceType): string[] {
  return caller.people
    .filter(({ resourceTypes }) => resourceTypes.includes('*') || resourceTypes.includes(type))
    .map(({ patientId }) => patientId)
}

/** A right that a role gives, as far as the token has it. */
type Right = { role: Role; scope: Scope; conditions: readonly ScopeCondition[] }

/** What is left of the role's scopes within the token's own, where those can be checked on every resource. */
function rightsTo(caller: Caller, type: ResourceType, action: ScopeAction): Right[] {
  const isAbout = (scope: Scope) =>
    (scope.type === '*' || scope.type === type) && scope.actions.includes(action)
  const tokenScopes = caller.scopes?.filter(isAbout)
  return ROLE_TABLE.filter(({ role }) => caller.roles.includes(role)).flatMap(({ role, scopes }) =>
    scopes.filter(isAbout).flatMap((scope) =>
      (tokenScopes === undefined ? [scope] : tokenScopes.map((own) => intersectScopes(scope, own))).flatMap(
        (left) => {
          const conditions = left && conditionsOf(left)
          return conditions && canCheck(type, conditions) ? [{ role, scope: left, conditions }] : []
        },
      ),
    ),
  )
}

/** The caller's right to an action on a type, the widest one where several roles give it; a token narrower than the role wins. */
export function grantFor(caller: Caller, type: ResourceType, action: ScopeAction): Grant | undefined {
  const rights = rightsTo(caller, type, action)
  const wide = rights.filter(({ scope }) => scope.context !== 'patient')
  const chosen = wide.length > 0 ? wide : rights
  if (chosen.length === 0) return undefined
  const isFree = chosen.some(({ conditions }) => conditions.length === 0)
  const common = {
    roles: [...new Set(chosen.map(({ role }) => role))],
    conditions: isFree ? undefined : chosen.map(({ conditions }) => conditions),
  }
  return wide.length > 0
    ? { ...common, reach: 'organization' }
    : { ...common, reach: 'people', patientIds: reachablePatientIds(caller, type) }
}
