import { rangeOfDate } from '../fhir/dates.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { FOR_LONG_LISTS } from './invariants-of-long-lists.ts'
import { has, hasChoice, listOf, textsOf } from './properties.ts'

type Holds = (value: JsonObject, resource: JsonObject) => boolean

/**
 * Invariants written out: those of types that occur everywhere, where a FHIRPath evaluation each would double every
 * write, and those whose expression compares every pair of a list, which one hostile body could keep the writer busy with.
 */
export const BY_HAND: Readonly<Record<string, Holds>> = {
  ...FOR_LONG_LISTS,
  'per-1': (period) => !isAfter(period['start'], period['end']),
  'qty-3': (quantity) => !has(quantity, 'code') || has(quantity, 'system'),
  'rng-2': (range) => !isMore(range['low'], range['high']),
  'att-1': (attachment) => !has(attachment, 'data') || has(attachment, 'contentType'),
  'cpt-2': (contact) => !has(contact, 'value') || has(contact, 'system'),
  'sqty-1': (quantity) => !has(quantity, 'comparator'),
  'eld-13': (element) => areDistinct(listOf(element['type']), ['code']),
  'eld-14': (element) => areDistinct(listOf(element['constraint']), ['key']),
  'cpb-7': (statement) => areDistinct(listOf(statement['document']), ['profile', 'mode']),
  'cpb-9': (rest) => areDistinct(listOf(rest['resource']), ['type']),
  'cpb-12': (resource) => areDistinct(listOf(resource['searchParam']), ['name']),
  'nsd-2': (system) =>
    areDistinct(
      listOf(system['uniqueId']).filter((one) => one['preferred'] === true),
      ['type'],
    ),
  'csd-1': (system) => areUnique(below(system['concept'], 'concept').map((one) => one['code'])),
  'que-2': (form) => areUnique(below(form['item'], 'item').map((one) => one['linkId'])),
  'que-1': (item) =>
    (item['type'] !== 'group' || has(item, 'item')) && (item['type'] !== 'display' || !has(item, 'item')),
  // Its expression says "more than two", its text "more than one", which was meant.
  'que-12': (item) => listOf(item['enableWhen']).length < 2 || has(item, 'enableBehavior'),
  // checkBundle looks at it.
  'bdl-7': () => true,
  'sdf-1': (definition) =>
    definition['derivation'] === 'constraint' || areDistinct(elementsOf(definition['snapshot']), ['path']),
  'sdf-8': (snapshot, definition) => startsWithType(snapshot, definition, false),
  'sdf-8a': (differential, definition) => startsWithType(differential, definition, true),
  'sdf-14': (definition) => haveIds(definition['snapshot']) && haveIds(definition['differential']),
  'sdf-16': (definition) =>
    haveIds(definition['snapshot']) && areDistinct(elementsOf(definition['snapshot']), ['id']),
  'sdf-17': (definition) =>
    haveIds(definition['differential']) && areDistinct(elementsOf(definition['differential']), ['id']),
  'tim-9': (repeat) =>
    !has(repeat, 'offset') ||
    (has(repeat, 'when') && !textsOf(repeat['when']).some((when) => MEALS.has(when))),
  'obs-3': (range) => has(range, 'low') || has(range, 'high') || has(range, 'text'),
  'obs-6': (observation) => !has(observation, 'dataAbsentReason') || !hasChoice(observation, 'value'),
  'obs-7': (observation) => !hasChoice(observation, 'value') || !repeatsItsCode(observation),
  'con-4': (condition) =>
    !hasChoice(condition, 'abatement') ||
    codingsOf(condition['clinicalStatus']).some(
      ({ system, code }) => system === CLINICAL && ENDED.has(String(code)),
    ),
  'con-5': (condition) =>
    !has(condition, 'clinicalStatus') ||
    !codingsOf(condition['verificationStatus']).some(
      ({ system, code }) => system === VERIFICATION && code === 'entered-in-error',
    ),
  'ig-1': (definition) => areAmong(definition, 'grouping', 'id', 'groupingId'),
  'ig-2': (guide) => {
    const known = new Set(textsOf(guide['fhirVersion']))
    const { definition } = guide
    const own = isObject(definition) ? listOf(definition['resource']) : []
    return own.every((one) => textsOf(one['fhirVersion']).every((version) => known.has(version)))
  },
}

const MEALS = new Set(['C', 'CM', 'CD', 'CV'])
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical'
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status'
const ENDED = new Set(['resolved', 'remission', 'inactive'])

/** Objects and those below them in the same element, as a flat list. */
function below(value: Json | undefined, name: string): JsonObject[] {
  const all = listOf(value)
  // The list grows while it is walked.
  for (const one of all) {
    for (const inner of listOf(one[name])) all.push(inner)
    if (name === 'item')
      for (const answer of listOf(one['answer'])) for (const inner of listOf(answer['item'])) all.push(inner)
  }
  return all
}

function areUnique(values: (Json | undefined)[]): boolean {
  const given = values.filter((value) => value !== undefined)
  return new Set(given).size === given.length
}

function areDistinct(list: JsonObject[], names: readonly string[]): boolean {
  const keys = list.map((one) => JSON.stringify(names.map((name) => one[name] ?? '')))
  const isGiven = list.map((one) => names.some((name) => one[name] !== undefined))
  return areUnique(keys.map((key, at) => (isGiven[at] === true ? key : undefined)))
}

function elementsOf(part: Json | undefined): JsonObject[] {
  return isObject(part ?? null) ? listOf((part as JsonObject)['element']) : []
}

/** The first path is the type (or, in a differential, begins with it); the others are below it. */
function startsWithType(part: JsonObject, definition: JsonObject, isDifferential: boolean): boolean {
  const [first = '', ...rest] = elementsOf(part).map((element) => String(element['path']))
  const type = String(definition['type'])
  const isFirstRight = isDifferential ? first.startsWith(type) : first === type
  if (definition['kind'] !== 'logical' && !isFirstRight) return false
  const stem = `${isDifferential ? (first.split('.')[0] ?? '') : first}.`
  return rest.every((path) => path.startsWith(stem))
}

function haveIds(part: Json | undefined): boolean {
  return elementsOf(part).every((element) => element['id'] !== undefined)
}

function areAmong(value: JsonObject, listed: string, key: string, name: string): boolean {
  const known = new Set(listOf(value[listed]).map((one) => one[key]))
  return listOf(value['resource']).every((one) => one[name] === undefined || known.has(one[name]))
}

function codingsOf(concept: Json | undefined): JsonObject[] {
  return isObject(concept ?? null) ? listOf((concept as JsonObject)['coding']) : []
}

function repeatsItsCode(observation: JsonObject): boolean {
  const components = listOf(observation['component'])
  if (components.length === 0) return false
  const own = new Set(codingsOf(observation['code']).map((coding) => JSON.stringify(coding)))
  return components.some((one) => codingsOf(one['code']).some((coding) => own.has(JSON.stringify(coding))))
}

function isAfter(start: unknown, end: unknown): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return false
  const from = rangeOfDate(start)
  const to = rangeOfDate(end)
  return from !== undefined && to !== undefined && from.lo > to.hi
}

function isMore(low: unknown, high: unknown): boolean {
  if (!isObject(low) || !isObject(high)) return false
  const [from, to] = [low['value'], high['value']]
  const isSameUnit = low['code'] === high['code'] && low['system'] === high['system']
  return isSameUnit && typeof from === 'number' && typeof to === 'number' && from > to
}
