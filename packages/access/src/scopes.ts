import type { ResourceType } from '@medplum/fhirtypes'

/** What a scope allows, in the order the grammar prescribes: create, read, update, delete, search. */
export type ScopeAction = 'c' | 'r' | 'u' | 'd' | 's'

/** Whose data a scope is about: the patients in the caller's reach, the user's own rights, or a service's. */
export type ScopeContext = 'patient' | 'user' | 'system'

/** One SMART v2 resource scope. */
export type Scope = {
  context: ScopeContext
  type: ResourceType | '*'
  actions: readonly ScopeAction[]
  /** Search parameters that narrow the scope, as they stand after the `?`. */
  query?: string
}

const ORDER: readonly ScopeAction[] = ['c', 'r', 'u', 'd', 's']
const SHAPE =
  /^(patient|user|system)\/(\*|[A-Z][A-Za-z]{1,63})\.(c?r?u?d?s?)(?:\?([\x21\x23-\x5b\x5d-\x7e]{1,500}))?$/

/**
 * Reads a SMART App Launch v2 scope such as `patient/Observation.rs?category=vital-signs`; undefined for anything else,
 * version 1 scopes and scopes without an action included.
 * @see https://hl7.org/fhir/smart-app-launch/STU2/scopes-and-launch-context.html
 */
export function parseScope(text: string): Scope | undefined {
  const match = SHAPE.exec(text)
  if (!match?.[3]) return undefined
  const letters = match[3]
  const actions = ORDER.filter((action) => letters.includes(action))
  const scope = { context: match[1] as ScopeContext, type: match[2] as ResourceType | '*', actions }
  return match[4] === undefined ? scope : { ...scope, query: match[4] }
}

/** Writes a scope as SMART v2 has it; the inverse of `parseScope`. */
export function printScope({ context, type, actions, query }: Scope): string {
  const letters = ORDER.filter((action) => actions.includes(action)).join('')
  return `${context}/${type}.${letters}${query === undefined ? '' : `?${query}`}`
}

/** Reads a scope of our own tables; a misspelt one stops the program at start. */
export function requireScope(text: string): Scope {
  const scope = parseScope(text)
  if (!scope) throw new TypeError(`Not a SMART v2 scope: ${text}`)
  return scope
}
