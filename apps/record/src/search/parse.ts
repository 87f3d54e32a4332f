import { definitions, findSearchParam, isResourceType } from '../definitions/definitions.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { readCursor } from './cursor.ts'
import { newBudget, parseFilter, shown } from './parse-filter.ts'
import { applyResultParameter, limitCount } from './parse-result.ts'
import type { Compartment, SearchRequest } from './request.ts'

const DEFAULT_COUNT = 100
const MAX_PARAMETERS = 100
/** Each is asked of each type. */
const MAX_PARAMETERS_OVER_TYPES = 20
/** As many keys of each type are read to find the first of all. */
const MAX_COUNT_OVER_TYPES = 1000
const IGNORED = new Set(['_format', '_pretty'])
/** Parameters of the standard that this server does not have, in words. */
const REFUSED: Record<string, string> = {
  _text: 'Searching narrative is not supported: search by the parameters of the type.',
  _content: 'Searching all text is not supported: search by the parameters of the type.',
  _filter: '_filter is not supported: use parameters, modifiers, chains and _has.',
  _query: 'Named queries are not supported.',
  _contained: 'Contained resources are not searched: only _contained=false is supported.',
  _containedType: 'Contained resources are not searched.',
}

/** Where a search is asked: over a type, within a compartment, or over types. */
export interface Scope {
  type: string
  path: string
  compartment: Compartment | undefined
}

/** Reads the parameters of a search. An unknown one is refused unless the client asked for lenient handling. */
export function parseSearch(scope: Scope, pairs: [string, string][], isLenient: boolean): SearchRequest {
  const { type, path, compartment } = scope
  const request: SearchRequest = {
    type,
    path,
    filters: compartment === undefined ? [] : [{ kind: 'compartment', type, ...compartment }],
    sort: [],
    count: DEFAULT_COUNT,
    cursor: undefined,
    total: 'none',
    isCountOnly: false,
    summary: 'false',
    elements: undefined,
    includes: [],
    revIncludes: [],
    used: [],
    ignored: [],
  }
  if (pairs.length > MAX_PARAMETERS)
    throw invalidRequest(`A search may have at most ${MAX_PARAMETERS} parameters.`)
  const budget = newBudget()
  let cursor: string | undefined
  for (const [name, value] of pairs) {
    if (IGNORED.has(name)) continue
    if (name === '_cursor') {
      cursor = value
      continue
    }
    if (value === '') {
      throw invalidRequest(`The search parameter "${shown(name)}" has no value.`, shown(name))
    }
    const isUnderstood =
      applyResultParameter(request, name, value) || isDefault(name, value) || addFilter(name, value)
    if (isUnderstood) request.used.push([name, value])
    else if (isLenient) request.ignored.push(name)
    else throw unknown(name, type)
  }
  limitCount(request)
  if (cursor !== undefined) request.cursor = readCursor(cursor, request.sort.length + 1)
  return request

  function addFilter(name: string, raw: string): boolean {
    const filter = parseFilter({ type, name, raw, depth: 0, budget })
    if (filter !== undefined) request.filters.push(filter)
    return filter !== undefined
  }
}

function isDefault(name: string, value: string): boolean {
  return name === '_contained' && value === 'false'
}

function unknown(name: string, type: string): Error {
  const [code = ''] = name.split(':')
  const words = Object.hasOwn(REFUSED, code) ? REFUSED[code] : undefined
  return invalidRequest(
    words ?? `The search parameter "${shown(name)}" is not supported for ${type}.`,
    shown(name),
  )
}

/**
 * Reads a search over several types (`_type`, or all that `scopes` offer): one request for each, of parameters that all
 * of them have.
 */
export function parseSearchOverTypes(
  scopes: Scope[],
  pairs: [string, string][],
  isLenient: boolean,
): SearchRequest[] {
  if (pairs.length > MAX_PARAMETERS_OVER_TYPES)
    throw invalidRequest(`A search over types may have at most ${MAX_PARAMETERS_OVER_TYPES} parameters.`)
  const typePairs = pairs.filter(([name]) => name === '_type')
  const wanted = typePairs.flatMap(([, value]) => value.split(','))
  const wrong = wanted.find((type) => !isResourceType(type))
  if (wrong !== undefined) throw invalidRequest(`"${shown(wrong)}" is not a resource type.`, '_type')
  const chosen = typePairs.length === 0 ? scopes : scopes.filter(({ type }) => wanted.includes(type))
  const others = pairs.filter(([name]) => name !== '_type')
  const requests = chosen.map((scope) => parseSearch(scope, others, isLenient))
  const ignored = new Set(requests.flatMap((request) => request.ignored))
  if (ignored.size > 0)
    return parseSearchOverTypes(
      scopes,
      pairs.filter(([name]) => !ignored.has(name)),
      isLenient,
    )
  requireSameSort(requests)
  return requests.map((request) => ({
    ...request,
    count: Math.min(request.count, MAX_COUNT_OVER_TYPES),
    used: [...typePairs, ...request.used],
  }))
}

/** Keys of different kinds have no common order. */
function requireSameSort(requests: SearchRequest[]): void {
  const [first, ...rest] = requests
  for (const [at, key] of first?.sort.entries() ?? []) {
    if (rest.some((request) => request.sort[at]?.param?.type !== key.param?.type))
      throw invalidRequest(`"${shown(key.code)}" is of different kinds in the types searched.`, '_sort')
  }
}

/** What can be searched within `Patient/1`: each type of the compartment with the references that lead there. */
export function compartmentScopes(compartment: string, id: string): Scope[] {
  const table = definitions.compartments[compartment] ?? {}
  return definitions.resourceTypes.flatMap((type) => {
    const codes = (table[type] ?? []).filter((code) => findSearchParam(type, code)?.type === 'reference')
    if (codes.length === 0 && type !== compartment) return []
    const path = `${compartment}/${id}/${type}`
    return [{ type, path, compartment: { compartment, id, codes } }]
  })
}
