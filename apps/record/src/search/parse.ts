import { findSearchParam, isResourceType } from '../definitions/definitions.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { readCursor } from './cursor.ts'
import { newBudget, parseFilter, shown } from './parse-filter.ts'
import type { Include, SearchRequest, SortKey } from './request.ts'

const DEFAULT_COUNT = 100
const MAX_COUNT = 5000
const MAX_COUNT_WITH_ELEMENTS = 50_000
const MAX_PARAMETERS = 100
const MAX_SORT_KEYS = 8
const IGNORED = new Set(['_format', '_pretty'])
/** Reads the parameters of a search. An unknown one is refused unless the client asked for lenient handling. */
export function parseSearch(type: string, pairs: [string, string][], isLenient: boolean): SearchRequest {
  const request: SearchRequest = {
    type,
    filters: [],
    sort: [],
    count: DEFAULT_COUNT,
    cursor: undefined,
    total: 'none',
    isCountOnly: false,
    elements: undefined,
    includes: [],
    revIncludes: [],
    used: [],
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
    if (!applyResultParameter(request, name, value)) {
      const filter = parseFilter({ type, name, raw: value, depth: 0, budget })
      if (filter === undefined) {
        if (isLenient) continue
        throw invalidRequest(
          `The search parameter "${shown(name)}" is not supported for ${type}.`,
          shown(name),
        )
      }
      request.filters.push(filter)
    }
    request.used.push([name, value])
  }
  const limit = request.elements === undefined ? MAX_COUNT : MAX_COUNT_WITH_ELEMENTS
  request.count = Math.min(request.count, limit)
  if (cursor !== undefined) request.cursor = readCursor(cursor, request.sort.length + 1)
  return request
}

function applyResultParameter(request: SearchRequest, name: string, value: string): boolean {
  switch (name) {
    case '_count':
      if (!/^\d{1,9}$/.test(value)) throw invalidRequest('_count must be a whole number.', '_count')
      request.count = Number(value)
      if (request.count === 0) request.isCountOnly = true
      return true
    case '_sort':
      request.sort = value.split(',').map((key) => parseSortKey(request.type, key))
      if (request.sort.length > MAX_SORT_KEYS)
        throw invalidRequest(`_sort may have at most ${MAX_SORT_KEYS} keys.`, '_sort')
      return true
    case '_total':
      if (!['none', 'estimate', 'accurate'].includes(value))
        throw invalidRequest('_total must be none, estimate or accurate.', '_total')
      request.total = value === 'none' ? 'none' : 'accurate'
      return true
    case '_summary':
      if (value !== 'count' && value !== 'false')
        throw invalidRequest('Of _summary, only count and false are supported.', '_summary')
      request.isCountOnly = value === 'count'
      return true
    case '_elements':
      request.elements = value.split(',').map((element) => element.trim())
      if (request.elements.some((element) => !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(element))) {
        throw invalidRequest('_elements must be a list of top-level element names.', '_elements')
      }
      return true
    case '_include':
    case '_include:iterate':
      request.includes.push(parseInclude(value, name))
      return true
    case '_revinclude':
    case '_revinclude:iterate':
      request.revIncludes.push(parseInclude(value, name))
      return true
    default:
      return false
  }
}

function parseSortKey(type: string, key: string): SortKey {
  const isDescending = key.startsWith('-')
  const code = isDescending ? key.slice(1) : key
  if (code === '_id' || code === '_lastUpdated') return { code, param: undefined, isDescending }
  const param = findSearchParam(type, code)
  if (param === undefined)
    throw invalidRequest(`Sorting by "${shown(code)}" is not supported for ${type}.`, '_sort')
  return { code, param, isDescending }
}

function parseInclude(value: string, name: string): Include {
  const [source, code, target, ...rest] = value.split(':')
  const isKnown =
    isResourceType(source) && code !== undefined && findSearchParam(source, code)?.type === 'reference'
  if (!isKnown || rest.length > 0 || (target !== undefined && !isResourceType(target))) {
    throw invalidRequest(`"${shown(value)}" is not a reference that ${name} can follow.`, name)
  }
  return { source, code, target, iterate: name.endsWith(':iterate') }
}
