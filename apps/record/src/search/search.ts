import { definitions, isResourceType } from '../definitions/definitions.ts'
import { invalidRequest, Refusal } from '../fhir/outcome.ts'
import { ID_PATTERN } from '../fhir/references.ts'
import type { Store } from '../store/store.ts'
import { searchBundle } from './bundle.ts'
import { compartmentScopes, parseSearch, parseSearchOverTypes, type Scope } from './parse.ts'
import { findRows, findRowsOverTypes } from './rows.ts'

const ALL_SCOPES = definitions.resourceTypes.map((type) => ({ type, path: type, compartment: undefined }))

/** parse → plan → SQL → rows → bundle. */
export function search(store: Store, type: string, pairs: [string, string][], isLenient = false): string {
  return answerOne(store, { type, path: type, compartment: undefined }, pairs, isLenient)
}

/**
 * The search that a path names, undefined when it names none: all types (or those of `_type`), one type, or within a
 * compartment (`Patient/1/Observation`, `Patient/1/*`).
 */
export function searchAt(
  store: Store,
  path: readonly string[],
  pairs: [string, string][],
  isLenient: boolean,
): string | undefined {
  const [first, id, type, ...rest] = path
  if (first === undefined) return answerMany(store, '', ALL_SCOPES, pairs, isLenient)
  if (id === undefined) return isResourceType(first) ? search(store, first, pairs, isLenient) : undefined
  if (type === undefined || rest.length > 0 || !Object.hasOwn(definitions.compartments, first))
    return undefined
  if (type !== '*' && !isResourceType(type)) return undefined
  if (!ID_PATTERN.test(id)) throw invalidRequest('The id of the compartment is not valid.', 'id')
  const scopes = compartmentScopes(first, id)
  if (type === '*') return answerMany(store, `${first}/${id}/*`, scopes, pairs, isLenient)
  const scope = scopes.find((one) => one.type === type)
  if (scope === undefined)
    throw new Refusal(404, 'not-supported', `The ${first} compartment has no such resources.`)
  return answerOne(store, scope, pairs, isLenient)
}

function answerOne(store: Store, scope: Scope, pairs: [string, string][], isLenient: boolean): string {
  const request = parseSearch(scope, pairs, isLenient)
  return store.db.snapshot(() => searchBundle(store, request, findRows(store, request)))
}

function answerMany(
  store: Store,
  path: string,
  scopes: Scope[],
  pairs: [string, string][],
  isLenient: boolean,
): string {
  const requests = parseSearchOverTypes(scopes, pairs, isLenient)
  const [first] = requests
  if (first === undefined) throw invalidRequest('None of the types of _type can be searched here.', '_type')
  return store.db.snapshot(() => searchBundle(store, { ...first, path }, findRowsOverTypes(store, requests)))
}

/** The ids that criteria such as `identifier=a|b` select, at most `limit`. */
export function findIds(store: Store, type: string, criteria: string, limit: number): string[] {
  if (!isResourceType(type)) throw invalidRequest('The criteria name an unknown resource type.')
  const scope = { type, path: type, compartment: undefined }
  const request = parseSearch(scope, [...new URLSearchParams(criteria)], false)
  if (request.filters.length === 0) throw invalidRequest('The criteria select nothing in particular.')
  const page = findRows(store, {
    ...request,
    count: limit,
    cursor: undefined,
    includes: [],
    revIncludes: [],
    sort: [],
    isCountOnly: false,
  })
  return page.matches.map((row) => (JSON.parse(row.body) as { id: string }).id)
}
