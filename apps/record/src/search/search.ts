import { invalidRequest } from '../fhir/outcome.ts'
import { isResourceType } from '../definitions/definitions.ts'
import type { Store } from '../store/store.ts'
import { searchBundle } from './bundle.ts'
import { parseSearch } from './parse.ts'
import { findRows } from './rows.ts'

/** parse → plan → SQL → rows → bundle. */
export function search(store: Store, type: string, pairs: [string, string][], isLenient = false): string {
  const request = parseSearch(type, pairs, isLenient)
  return searchBundle(store, request, findRows(store, request))
}

/** The ids that criteria such as `identifier=a|b` select, at most `limit`. */
export function findIds(store: Store, type: string, criteria: string, limit: number): string[] {
  if (!isResourceType(type)) throw invalidRequest('The criteria name an unknown resource type.')
  const request = parseSearch(type, [...new URLSearchParams(criteria)], false)
  if (request.filters.length === 0) throw invalidRequest('The criteria select nothing in particular.')
  const page = findRows(store, {
    ...request,
    count: limit,
    includes: [],
    revIncludes: [],
    sort: [],
    isCountOnly: false,
  })
  return page.matches.map((row) => (JSON.parse(row.body) as { id: string }).id)
}
