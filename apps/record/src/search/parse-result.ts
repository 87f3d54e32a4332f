import { findSearchParam, isResourceType } from '../definitions/definitions.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { shown } from './parse-filter.ts'
import type { Include, SearchRequest, SortKey } from './request.ts'

const MAX_COUNT = 5000
const MAX_COUNT_WITH_ELEMENTS = 50_000
const MAX_SORT_KEYS = 8

/** A parameter that says how to answer rather than what to find; false when it is none. */
export function applyResultParameter(request: SearchRequest, name: string, value: string): boolean {
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
      applySummary(request, value)
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

/** What holds only when all parameters are known. */
export function limitCount(request: SearchRequest): void {
  if (request.summary === 'text' && request.includes.length + request.revIncludes.length > 0)
    throw invalidRequest('_summary=text goes with neither _include nor _revinclude.', '_summary')
  const limit = request.elements === undefined ? MAX_COUNT : MAX_COUNT_WITH_ELEMENTS
  request.count = Math.min(request.count, limit)
}

function applySummary(request: SearchRequest, value: string): void {
  switch (value) {
    case 'count':
      request.isCountOnly = true
      break
    case 'true':
    case 'text':
    case 'data':
    case 'false':
      request.summary = value
      break
    default:
      throw invalidRequest('_summary must be true, text, data, count or false.', '_summary')
  }
}

function parseSortKey(type: string, key: string): SortKey {
  const isDescending = key.startsWith('-')
  const code = isDescending ? key.slice(1) : key
  if (code === '_id' || code === '_lastUpdated') return { code, param: undefined, isDescending }
  const param = findSearchParam(type, code)
  if (param === undefined || param.type === 'composite' || param.type === 'special')
    throw invalidRequest(`Sorting by "${shown(code)}" is not supported for ${type}.`, '_sort')
  return { code, param, isDescending }
}

function parseInclude(value: string, name: string): Include {
  const [source = '', code = '*', target, ...rest] = value.split(':')
  const isEvery = code === '*' && (source === '*' ? value === '*' : isResourceType(source))
  const isKnown = isEvery
    ? name.startsWith('_include')
    : isResourceType(source) && findSearchParam(source, code)?.type === 'reference'
  if (!isKnown || rest.length > 0 || (target !== undefined && !isResourceType(target))) {
    throw invalidRequest(`"${shown(value)}" is not a reference that ${name} can follow.`, name)
  }
  return { source, code, target, iterate: name.endsWith(':iterate') }
}
