import { definitions, findSearchParam, isResourceType, type SearchParam } from '../definitions/definitions.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { splitUnescaped } from '../parameters/condition.ts'
import { readCursor } from './cursor.ts'
import type { Filter, Include, SearchRequest, SortKey } from './request.ts'

const DEFAULT_COUNT = 100
const MAX_COUNT = 5000
const MAX_COUNT_WITH_ELEMENTS = 50_000
const MAX_CHAIN = 3
const MAX_PARAMETERS = 200
const MAX_VALUES = 2000
const IGNORED = new Set(['_format', '_pretty'])
const MODIFIERS: Record<SearchParam['type'], Set<string>> = {
  token: new Set(['not', 'missing']),
  reference: new Set(['missing', 'identifier']),
  string: new Set(['exact', 'contains', 'missing']),
  date: new Set(['missing']),
  number: new Set(['missing']),
  quantity: new Set(['missing']),
  uri: new Set(['below', 'above', 'missing']),
}

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
      const filter = parseFilter(type, name, value, 0)
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

function shown(name: string): string {
  return name.slice(0, 80)
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

function parseFilter(type: string, name: string, raw: string, depth: number): Filter | undefined {
  if (depth > MAX_CHAIN) throw invalidRequest(`A chain may have at most ${MAX_CHAIN} steps.`, shown(name))
  if (name.startsWith('_has:')) return parseHas(type, name, raw, depth)
  const dot = name.indexOf('.')
  if (dot > 0) return parseChain(type, name.slice(0, dot), name.slice(dot + 1), raw, depth)
  const values = splitUnescaped(raw, ',')
  if (values.length > MAX_VALUES)
    throw invalidRequest(`A search parameter may have at most ${MAX_VALUES} values.`, shown(name))
  if (values.includes(''))
    throw invalidRequest(`The search parameter "${shown(name)}" has an empty value.`, shown(name))
  if (name === '_id') return { kind: 'id', ids: values }
  if (name === '_lastUpdated') return { kind: 'updated', values }
  const [code, modifier, ...rest] = name.split(':')
  const param = code === undefined ? undefined : findSearchParam(type, code)
  if (code === undefined || param === undefined || rest.length > 0) return undefined
  if (modifier === 'missing') {
    if (raw !== 'true' && raw !== 'false')
      throw invalidRequest(`"${shown(name)}" must be true or false.`, shown(name))
    return { kind: 'missing', type, code, param, isMissing: raw === 'true' }
  }
  const isTypeModifier = param.type === 'reference' && isResourceType(modifier)
  if (modifier !== undefined && !MODIFIERS[param.type].has(modifier) && !isTypeModifier) {
    throw invalidRequest(
      `The modifier ":${shown(modifier)}" is not supported for "${shown(code)}".`,
      shown(name),
    )
  }
  return { kind: 'param', type, code, param, modifier, values }
}

/** `subject:Patient.name=x`; without a type, every type that the reference may point to and that knows the rest. */
function parseChain(
  type: string,
  head: string,
  rest: string,
  raw: string,
  depth: number,
): Filter | undefined {
  const [code, onlyType] = head.split(':')
  const param = code === undefined ? undefined : findSearchParam(type, code)
  if (code === undefined || param?.type !== 'reference') return undefined
  const candidates = onlyType === undefined ? (param.targets ?? definitions.resourceTypes) : [onlyType]
  const targets: { type: string; filter: Filter }[] = []
  for (const candidate of candidates) {
    if (!isResourceType(candidate)) return undefined
    const filter = parseFilter(candidate, rest, raw, depth + 1)
    if (filter !== undefined) targets.push({ type: candidate, filter })
  }
  return targets.length === 0 ? undefined : { kind: 'chain', type, code, targets }
}

/** `_has:Observation:patient:code=1234`, nested to any depth that chains may have. */
function parseHas(type: string, name: string, raw: string, depth: number): Filter | undefined {
  const [, source, code, ...rest] = name.split(':')
  if (!isResourceType(source) || code === undefined || rest.length === 0) return undefined
  const param = findSearchParam(source, code)
  if (param?.type !== 'reference') return undefined
  if (param.targets !== undefined && !param.targets.includes(type)) return undefined
  const filter = parseFilter(source, rest.join(':'), raw, depth + 1)
  return filter === undefined ? undefined : { kind: 'has', source, code, targetType: type, filter }
}
