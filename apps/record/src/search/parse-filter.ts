import { definitions, findSearchParam, isResourceType, type SearchParam } from '../definitions/definitions.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { ID_PATTERN } from '../fhir/references.ts'
import { splitUnescaped } from '../parameters/condition.ts'
import { isCoded } from '../parameters/token-sets.ts'
import type { Filter } from './request.ts'

const MAX_CHAIN = 3
const MAX_VALUES = 500
const MAX_IDS = 2000
const TERMINOLOGY_MODIFIERS = new Set(['in', 'not-in', 'below', 'above'])
/** What may follow the name of a parameter of each type; references also take a resource type. */
export const MODIFIERS: Record<SearchParam['type'], Set<string>> = {
  token: new Set(['not', 'text', 'in', 'not-in', 'below', 'above', 'of-type', 'missing']),
  reference: new Set(['missing', 'identifier']),
  string: new Set(['exact', 'contains', 'missing']),
  date: new Set(['missing']),
  number: new Set(['missing']),
  quantity: new Set(['missing']),
  uri: new Set(['below', 'above', 'missing']),
  composite: new Set(),
  special: new Set(['missing']),
}

/** How much one search may ask: untyped chains multiply, and each value becomes part of one SQL statement. */
interface Budget {
  left: number
}

interface Source {
  type: string
  name: string
  raw: string
  depth: number
  budget: Budget
}

export function newBudget(): Budget {
  return { left: 2000 }
}

export function shown(name: string): string {
  return name.slice(0, 80)
}

/** One search parameter with its modifier, chain and values; undefined when the type does not know it. */
export function parseFilter(source: Source): Filter | undefined {
  const { type, name, raw, depth } = source
  if (depth > MAX_CHAIN) throw invalidRequest(`A chain may have at most ${MAX_CHAIN} steps.`, shown(name))
  if (name.startsWith('_has:')) return parseHas(source)
  const dot = name.indexOf('.')
  if (dot > 0) return parseChain(source, name.slice(0, dot), name.slice(dot + 1))
  const values = splitUnescaped(raw, ',')
  if (values.includes(''))
    throw invalidRequest(`The search parameter "${shown(name)}" has an empty value.`, shown(name))
  if (name === '_id') {
    spend(source, values.length, MAX_IDS)
    return { kind: 'id', ids: values }
  }
  if (name === '_lastUpdated') {
    spend(source, values.length, MAX_VALUES)
    return { kind: 'updated', values }
  }
  if (name === '_list') return parseList(source, values)
  const [code, modifier, ...rest] = name.split(':')
  const param = code === undefined ? undefined : findSearchParam(type, code)
  if (code === undefined || param === undefined || rest.length > 0) return undefined
  spend(source, values.length, param.type === 'reference' ? MAX_IDS : MAX_VALUES)
  if (modifier !== undefined && !takes(param, modifier)) {
    throw invalidRequest(
      `The modifier ":${shown(modifier)}" is not supported for "${shown(code)}".`,
      shown(name),
    )
  }
  if (modifier === 'missing') {
    if (raw !== 'true' && raw !== 'false')
      throw invalidRequest(`"${shown(name)}" must be true or false.`, shown(name))
    return { kind: 'missing', type, code, param, isMissing: raw === 'true' }
  }
  return { kind: 'param', type, code, param, modifier, values }
}

/** Lists of ids become one JSON parameter and cost little; other values become SQL terms of their own. */
function spend({ name, budget }: Source, values: number, limit: number): void {
  if (values > limit) throw invalidRequest(`"${shown(name)}" may have at most ${limit} values.`, shown(name))
  budget.left -= limit === MAX_IDS ? 1 + Math.floor(values / 10) : values
  if (budget.left < 0) {
    throw invalidRequest(
      'The search asks for too much at once: name the types of its chains or give fewer values.',
      shown(name),
    )
  }
}

/** `subject:Patient.name=x`; without a type, every type that the reference may point to and that knows the rest. */
function parseChain(source: Source, head: string, rest: string): Filter | undefined {
  const { type, depth } = source
  const [code, onlyType] = head.split(':')
  const param = code === undefined ? undefined : findSearchParam(type, code)
  if (code === undefined || param?.type !== 'reference') return undefined
  const candidates = onlyType === undefined ? (param.targets ?? definitions.resourceTypes) : [onlyType]
  const targets: { type: string; filter: Filter }[] = []
  for (const candidate of candidates) {
    if (!isResourceType(candidate)) return undefined
    source.budget.left -= 1
    const filter = parseFilter({ ...source, type: candidate, name: rest, depth: depth + 1 })
    if (filter !== undefined) targets.push({ type: candidate, filter })
  }
  return targets.length === 0 ? undefined : { kind: 'chain', type, code, targets }
}

/** `_has:Observation:patient:code=1234`, nested as deep as chains may be. */
function parseHas(source: Source): Filter | undefined {
  const { type, name, depth } = source
  const [, sourceType, code, ...rest] = name.split(':')
  if (!isResourceType(sourceType) || code === undefined || rest.length === 0) return undefined
  const param = findSearchParam(sourceType, code)
  if (param?.type !== 'reference') return undefined
  if (param.targets !== undefined && !param.targets.includes(type)) return undefined
  const filter = parseFilter({ ...source, type: sourceType, name: rest.join(':'), depth: depth + 1 })
  return filter === undefined
    ? undefined
    : { kind: 'has', source: sourceType, code, targetType: type, filter }
}

function takes(param: SearchParam, modifier: string): boolean {
  if (param.type === 'reference' && isResourceType(modifier)) return true
  if (!MODIFIERS[param.type].has(modifier)) return false
  if (modifier === 'of-type') return param.paths.some((path) => path.type === 'Identifier')
  const isTerminology = param.type === 'token' && TERMINOLOGY_MODIFIERS.has(modifier)
  return !isTerminology || isCoded(param)
}

/** `_list=42`: what the List holds. Lists that a server makes up by itself (`$current-…`) are not there. */
function parseList(source: Source, values: string[]): Filter {
  spend(source, values.length, MAX_VALUES)
  const ids = values.map((value) => (value.startsWith('List/') ? value.slice(5) : value))
  if (ids.some((id) => !ID_PATTERN.test(id))) throw invalidRequest('_list must be the id of a List.', '_list')
  return { kind: 'list', type: source.type, ids }
}
