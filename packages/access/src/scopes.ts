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

const WIDTH: Readonly<Record<ScopeContext, number>> = { patient: 0, user: 1, system: 2 }
const MOST_CONDITIONS = 20

/** One condition of a scope's query: a search parameter and the values of which one must be there. */
export type ScopeCondition = { name: string; values: readonly string[] }

/** The conditions of a scope, all of which must hold; none for a scope without a query, undefined for a query that says nothing clear. */
export function conditionsOf({ query }: Pick<Scope, 'query'>): ScopeCondition[] | undefined {
  if (query === undefined) return []
  const pairs = [...new URLSearchParams(query)]
  const isClear =
    pairs.length <= MOST_CONDITIONS && pairs.every(([name, value]) => name !== '' && value !== '')
  if (!isClear || pairs.length === 0) return undefined
  return pairs.map(([name, value]) => ({ name, values: [...new Set(value.split(','))].toSorted() }))
}

function isImplied(condition: ScopeCondition, by: readonly ScopeCondition[]): boolean {
  return by.some(
    (one) => one.name === condition.name && one.values.every((value) => condition.values.includes(value)),
  )
}

/** Whether everything that `narrow` allows is allowed by `wide`, too. A query that says nothing clear covers nothing. */
export function coversScope(wide: Scope, narrow: Scope): boolean {
  const [asked, given] = [conditionsOf(wide), conditionsOf(narrow)]
  if (asked === undefined || given === undefined) return false
  return (
    WIDTH[wide.context] >= WIDTH[narrow.context] &&
    (wide.type === '*' || wide.type === narrow.type) &&
    narrow.actions.every((action) => wide.actions.includes(action)) &&
    asked.every((condition) => isImplied(condition, given))
  )
}

function unite(a: readonly ScopeCondition[], b: readonly ScopeCondition[]): string | undefined {
  const texts = [...a, ...b].map(({ name, values }) => `${encode(name)}=${values.map(encode).join(',')}`)
  return texts.length === 0 ? undefined : [...new Set(texts)].toSorted().join('&')
}

/** Only what would end a name, a value or the scope itself is escaped, so that scopes stay readable. */
function encode(text: string): string {
  return text.replace(/[^!$'()*\-./0-9:;?@A-Z_a-z|~]/gu, (sign) => encodeURIComponent(sign))
}

/** What both scopes allow; undefined when that is nothing. */
export function intersectScopes(a: Scope, b: Scope): Scope | undefined {
  const [first, second] = [conditionsOf(a), conditionsOf(b)]
  const actions = ORDER.filter((action) => a.actions.includes(action) && b.actions.includes(action))
  const isApart = a.type !== b.type && a.type !== '*' && b.type !== '*'
  if (first === undefined || second === undefined || actions.length === 0 || isApart) return undefined
  const context = WIDTH[a.context] < WIDTH[b.context] ? a.context : b.context
  const query = unite(first, second)
  const scope: Scope = { context, type: a.type === '*' ? b.type : a.type, actions }
  return query === undefined ? scope : { ...scope, query }
}
