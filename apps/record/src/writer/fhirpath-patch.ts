import { DotAtom, SymbolAtom, type Atom } from '@medplum/core'
import { copyJson, numberText, setNumberText } from '@openward/fhir-client/exact-json'
import { definitions, type ElementRule } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { invalidRequest, type Refusal } from '../fhir/outcome.ts'
import { elementOf, parsePath, PathBudget, placesAt, unfitPath, type Place } from './patch-path.ts'

const MAX_OPERATIONS = 100
const PROTECTED = /^(?:[A-Z]\w*\.)?(?:id|resourceType|meta\.versionId|meta\.lastUpdated)$/

/** What a part called `value` gives: its type as in `value[x]`, and the parts of a backbone element. */
interface Given {
  /** `Quantity` for `valueQuantity`; undefined for a backbone element. */
  suffix: string | undefined
  value: Json
  /** How a number is written. */
  text: string | undefined
  /** What stands beside a primitive value. */
  extension: Json | undefined
  parts: JsonObject[] | undefined
}

interface Step {
  path: string
  atom: Atom
  budget: PathBudget
  parts: Map<string, JsonObject>
}

/**
 * Applies a FHIRPath Patch to a copy: add, insert, delete, replace and move, one after the other, all or nothing.
 * @see https://hl7.org/fhir/R4/fhirpatch.html
 */
export function applyFhirPathPatch(document: JsonObject, parameters: JsonObject): JsonObject {
  const operations = parameters['parameter'] ?? []
  if (!Array.isArray(operations) || operations.length > MAX_OPERATIONS)
    throw invalidRequest(`A FHIRPath Patch has at most ${MAX_OPERATIONS} operations.`, 'Parameters.parameter')
  const copy = copyJson(document)
  const budget = new PathBudget()
  operations.forEach((operation, at) => {
    const place = `Parameters.parameter[${at}]`
    if (!isObject(operation) || operation['name'] !== 'operation')
      throw invalidRequest('Every parameter of a FHIRPath Patch is called "operation".', place)
    applyOne({ value: copy, type: String(copy['resourceType']), at: undefined }, operation, place, budget)
  })
  return copy
}

function applyOne(root: Place, operation: JsonObject, place: string, budget: PathBudget): void {
  const parts = partsOf(operation, place)
  const type = parts.get('type')?.['valueCode'] ?? parts.get('type')?.['valueString']
  const path = parts.get('path')?.['valueString']
  if (typeof path !== 'string' || path === '') throw invalidRequest('The operation needs a path.', place)
  if (PROTECTED.test(path.trim()))
    throw unfitPath(path, 'Type, id and version of a resource are never changed by a patch.')
  const step: Step = { path, atom: parsePath(path), budget, parts }
  const run = typeof type === 'string' && Object.hasOwn(OPERATIONS, type) ? OPERATIONS[type] : undefined
  if (run === undefined)
    throw invalidRequest('The type of an operation is add, insert, delete, replace or move.', place)
  run(root, step)
}

const OPERATIONS: Record<string, (root: Place, step: Step) => void> = {
  add,
  insert,
  delete: remove,
  replace,
  move,
}

function partsOf(operation: JsonObject, place: string): Map<string, JsonObject> {
  const parts = new Map<string, JsonObject>()
  const list = operation['part']
  if (!Array.isArray(list)) throw invalidRequest('An operation has parts.', place)
  for (const part of list) {
    const name = isObject(part) ? part['name'] : undefined
    if (!isObject(part) || typeof name !== 'string' || parts.has(name))
      throw invalidRequest('Every part of an operation has a name of its own.', place)
    parts.set(name, part)
  }
  return parts
}

function valueOf({ parts, path }: Step): Given {
  const part = parts.get('value')
  if (part === undefined) throw unfitPath(path, 'The operation needs a value.')
  return givenBy(part, path)
}

function givenBy(part: JsonObject, path: string): Given {
  const nested = part['part']
  if (Array.isArray(nested) && nested.every(isObject))
    return { suffix: undefined, value: null, text: undefined, extension: undefined, parts: nested }
  const key = Object.keys(part)
    .find((one) => /^_?value[A-Z]/.test(one))
    ?.replace(/^_/, '')
  if (key === undefined) {
    const resource = part['resource']
    if (resource === undefined) throw unfitPath(path, 'The operation needs a value.')
    return { suffix: undefined, value: resource, text: undefined, extension: undefined, parts: undefined }
  }
  return {
    suffix: key.slice(5),
    value: part[key] ?? null,
    text: numberText(part, key),
    extension: part[`_${key}`],
    parts: undefined,
  }
}

/** The property for a value of that type: a choice `deceased` takes a boolean as `deceasedBoolean`. */
function propertyFor(
  owner: Place,
  name: string,
  given: Given,
  path: string,
): { property: string; rule: ElementRule } {
  const elements = definitions.types[owner.type]?.elements ?? {}
  const stem = Object.hasOwn(elements, name) ? elements[name]?.choice : name
  const chosen = `${stem}${given.suffix}`
  const typed = Object.hasOwn(elements, chosen) ? elements[chosen] : undefined
  if (typed?.choice !== undefined) return { property: chosen, rule: typed }
  const plain = Object.hasOwn(elements, name) ? elements[name] : undefined
  if (plain === undefined || plain.choice !== undefined)
    throw unfitPath(path, 'There is no such element, or it does not take this type.')
  return { property: name, rule: plain }
}

/** The value itself: a backbone element is put together from its parts. */
function build(given: Given, rule: ElementRule, path: string): Json {
  if (given.parts === undefined) return copyJson(given.value)
  const owner: Place = { value: {}, type: rule.type, at: undefined }
  for (const part of given.parts) {
    const name = part['name']
    if (typeof name !== 'string') throw unfitPath(path, 'Every part of a value has a name.')
    put(owner, name, givenBy(part, path), path)
  }
  return owner.value
}

/** Appends to a list, or sets what is not there yet. */
function put(owner: Place, name: string, given: Given, path: string): void {
  const { property, rule } = propertyFor(owner, name, given, path)
  const target = owner.value as JsonObject
  if (rule.array === true) {
    const list = Array.isArray(target[property]) ? target[property] : []
    insertAt(owner, property, list.length, given, rule, path)
    return
  }
  if (Object.hasOwn(target, property)) throw unfitPath(path, 'The element is there already: replace it.')
  set(target, property, given, rule, path)
}

function set(target: JsonObject, property: string, given: Given, rule: ElementRule, path: string): void {
  delete target[`_${property}`]
  const value = build(given, rule, path)
  if (value === null) delete target[property]
  else target[property] = value
  setNumberText(target, property, given.text)
  if (given.extension !== undefined) target[`_${property}`] = copyJson(given.extension)
}

function insertAt(
  owner: Place,
  property: string,
  index: number,
  given: Given,
  rule: ElementRule,
  path: string,
): void {
  const target = owner.value as JsonObject
  const list = Array.isArray(target[property]) ? target[property] : []
  list.splice(index, 0, build(given, rule, path))
  target[property] = list
  const beside = target[`_${property}`]
  if (!Array.isArray(beside) && given.extension === undefined) return
  const extensions = Array.isArray(beside) ? beside : []
  while (extensions.length < list.length - 1) extensions.push(null)
  extensions.splice(index, 0, given.extension === undefined ? null : copyJson(given.extension))
  target[`_${property}`] = extensions
}

function only(places: Place[], path: string): Place {
  const [place] = places
  if (place === undefined || places.length > 1)
    throw unfitPath(path, 'The path leads to no element, or to more than one.')
  return place
}

function add(root: Place, step: Step): void {
  const name = step.parts.get('name')?.['valueString']
  const owner = only(placesAt(root, step.atom, step.path, step.budget), step.path)
  if (typeof name !== 'string' || !isObject(owner.value))
    throw unfitPath(step.path, 'The operation needs a name.')
  if (owner.at === undefined && PROTECTED.test(name))
    throw unfitPath(name, 'Type, id and version of a resource are never changed by a patch.')
  put(owner, name, valueOf(step), step.path)
}

/** The list that a path names, also when it is empty. */
function listAt(
  root: Place,
  { atom, path, budget }: Step,
): { owner: Place; property: string; rule: ElementRule } {
  const last = atom instanceof DotAtom ? atom.right : atom
  if (!(last instanceof SymbolAtom)) throw unfitPath(path, 'The path must name a list.')
  const owner = atom instanceof DotAtom ? only(placesAt(root, atom.left, path, budget), path) : root
  const found = isObject(owner.value) ? elementOf(owner, last.name) : undefined
  if (found?.rule.array !== true) throw unfitPath(path, 'The path must name a list.')
  return { owner, ...found }
}

function wholeNumber({ parts, path }: Step, name: string, below: number): number {
  const value = parts.get(name)?.['valueInteger']
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= below)
    throw unfitPath(path, `"${name}" is not a place in the list.`)
  return value
}

function insert(root: Place, step: Step): void {
  const { owner, property, rule } = listAt(root, step)
  const list = (owner.value as JsonObject)[property]
  const index = wholeNumber(step, 'index', (Array.isArray(list) ? list.length : 0) + 1)
  insertAt(owner, property, index, valueOf(step), rule, step.path)
}

function move(root: Place, step: Step): void {
  const { owner, property } = listAt(root, step)
  const target = owner.value as JsonObject
  const list = target[property]
  if (!Array.isArray(list)) throw unfitPath(step.path, 'The path must name a list.')
  const source = wholeNumber(step, 'source', list.length)
  const destination = wholeNumber(step, 'destination', list.length)
  for (const one of [list, target[`_${property}`]]) {
    if (!Array.isArray(one)) continue
    while (one.length < list.length) one.push(null)
    one.splice(destination, 0, ...one.splice(source, 1))
  }
}

function requireInside(place: Place, path: string): NonNullable<Place['at']> {
  if (place.at === undefined)
    throw unfitPath(path, 'The resource itself cannot be replaced or deleted by a patch.')
  if (place.at.owner.at === undefined && PROTECTED.test(place.at.property)) throw protectedRefusal(path)
  return place.at
}

function protectedRefusal(path: string): Refusal {
  return unfitPath(path, 'Type, id and version of a resource are never changed by a patch.')
}

/** Deleting what is not there is no error; what becomes empty goes, too. */
function remove(root: Place, { atom, path, budget }: Step): void {
  const places = placesAt(root, atom, path, budget)
  if (places.length === 0) return
  removeAt(requireInside(only(places, path), path))
}

function removeAt({ owner, property, index }: NonNullable<Place['at']>): void {
  const target = owner.value as JsonObject
  for (const key of [property, `_${property}`]) {
    const value = target[key]
    if (index !== undefined && Array.isArray(value)) value.splice(index, 1)
    if (index === undefined || (Array.isArray(value) && value.every((item) => item === null)))
      delete target[key]
  }
  if (Object.keys(target).length === 0 && owner.at !== undefined) removeAt(owner.at)
}

function replace(root: Place, step: Step): void {
  const { owner, property, index } = requireInside(
    only(placesAt(root, step.atom, step.path, step.budget), step.path),
    step.path,
  )
  const target = owner.value as JsonObject
  const given = valueOf(step)
  if (index !== undefined) {
    const rule = definitions.types[owner.type]?.elements[property]
    if (rule === undefined) throw unfitPath(step.path, 'There is no such element.')
    const list = target[property] as Json[]
    list[index] = build(given, rule, step.path)
    setNumberText(list, String(index), given.text)
    const beside = target[`_${property}`]
    if (Array.isArray(beside))
      beside[index] = given.extension === undefined ? null : copyJson(given.extension)
    return
  }
  const fit = propertyFor(owner, property, given, step.path)
  if (fit.property !== property) {
    delete target[property]
    delete target[`_${property}`]
  }
  set(target, fit.property, given, fit.rule, step.path)
}
