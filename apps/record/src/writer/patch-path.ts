import {
  AsAtom,
  DotAtom,
  evalFhirPathTyped,
  FhirPathAtom,
  FunctionAtom,
  IndexerAtom,
  LiteralAtom,
  parseFhirPath,
  SymbolAtom,
  toJsBoolean,
  type Atom,
} from '@medplum/core'
import { jsonSize } from '@openward/fhir-client/json-size'
import { definitions, type ElementRule } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { Refusal } from '../fhir/outcome.ts'

/** One element of a resource, and where it hangs. */
export interface Place {
  value: Json
  /** The type or backbone path of the value. */
  type: string
  /** Undefined for the resource itself. */
  at: Position | undefined
}

interface Position {
  /** The element that has the property. */
  owner: Place
  property: string
  /** Where in the list, for an element that may repeat. */
  index: number | undefined
}

const MAX_LENGTH = 1000
/** For all paths of one patch: elements walked over, and what conditions look at as often as they have steps. */
const MAX_WORK = 300_000
/** None of these can be made to take long: no regular expressions, no walks back up or over the whole resource. */
const FUNCTIONS = new Set(
  'all as contains count empty endsWith exists extension first hasValue is iif last length lower not ofType single skip startsWith substring tail take toString upper where'.split(
    ' ',
  ),
)
const TEXT = /'(?:[^'\\]|\\.)*'/gs

/** Everybody waits while a patch looks for its elements. */
export class PathBudget {
  #left = MAX_WORK

  take(work: number, path: string): void {
    this.#left -= work
    if (this.#left < 0)
      throw new Refusal(422, 'too-costly', 'The paths of the patch look at too much.', path.slice(0, 100))
  }

  /** The work of evaluating a condition on a value. */
  takeCondition(value: Json, path: string): void {
    const steps = (path.match(/[.(=<>~]/g)?.length ?? 0) + 1
    this.take(jsonSize(value, this.#left / steps) * steps, path)
  }
}

export function unfitPath(path: string, why: string): Refusal {
  return new Refusal(422, 'processing', why, path.slice(0, 100))
}

/** Parses the path of a FHIRPath Patch: what leads to elements, with conditions that cannot keep the writer busy. */
export function parsePath(path: string): Atom {
  const refuse = () => unfitPath(path, 'The path is not one that a patch can take.')
  if (path.length > MAX_LENGTH) throw refuse()
  const code = path.replace(TEXT, "''")
  const isKnown = [...code.matchAll(/([A-Za-z_]+)\s*\(/g)].every(
    ([, name = '']) => FUNCTIONS.has(name) || ['and', 'or', 'xor', 'in', 'implies'].includes(name),
  )
  if (!isKnown || /[|%*/&;]|->|\bcontains\b(?!\s*\()/.test(code)) throw refuse()
  try {
    return parseFhirPath(path).child
  } catch {
    throw refuse()
  }
}

/** The elements that a path leads to. */
export function placesAt(root: Place, atom: Atom, path: string, budget: PathBudget): Place[] {
  const refuse = () => unfitPath(path, 'The path is not one that a patch can take.')
  return walk(atom, [root])

  function walk(one: Atom, from: Place[]): Place[] {
    if (one instanceof FhirPathAtom) return walk(one.child, from)
    if (one instanceof DotAtom) return walk(one.right, walk(one.left, from))
    if (one instanceof SymbolAtom) return step(one.name, from)
    if (one instanceof IndexerAtom) {
      if (!(one.expr instanceof LiteralAtom) || !Number.isInteger(one.expr.value.value)) throw refuse()
      const found = walk(one.left, from)[one.expr.value.value as number]
      return found === undefined ? [] : [found]
    }
    if (one instanceof AsAtom) return ofType(walk(one.left, from), one.right)
    if (one instanceof FunctionAtom) return call(one, from)
    throw refuse()
  }

  function step(name: string, from: Place[]): Place[] {
    if (name === '$this') return from
    return from.flatMap((place) => {
      const isOwnType = place.at === undefined && [place.type, 'Resource', 'DomainResource'].includes(name)
      if (isOwnType) return [place]
      const children = childrenOf(place, name, path)
      budget.take(children.length + 1, path)
      return children
    })
  }

  function call({ name, args }: FunctionAtom, from: Place[]): Place[] {
    const [first] = args
    if (name === 'first') return from.slice(0, 1)
    if (name === 'last') return from.slice(-1)
    if (name === 'single') {
      if (from.length > 1) throw unfitPath(path, 'The path leads to more than one element.')
      return from
    }
    if (first === undefined) throw refuse()
    if (name === 'where') return from.filter((place) => holds(first, place))
    if (name === 'ofType' || name === 'as') return ofType(from, first)
    if (name !== 'extension' || !(first instanceof LiteralAtom)) throw refuse()
    return step('extension', from).filter(
      ({ value }) => isObject(value) && value['url'] === first.value.value,
    )
  }

  function ofType(from: Place[], wanted: Atom): Place[] {
    if (!(wanted instanceof SymbolAtom)) throw refuse()
    return from.filter(({ type }) => type === wanted.name)
  }

  function holds(condition: Atom, { type, value }: Place): boolean {
    budget.takeCondition(value, path)
    try {
      return toJsBoolean(evalFhirPathTyped(new FhirPathAtom(path, condition), [{ type, value }]))
    } catch {
      throw refuse()
    }
  }
}

function childrenOf(owner: Place, name: string, path: string): Place[] {
  if (!isObject(owner.value)) return []
  const found = elementOf(owner, name)
  if (found === undefined) throw unfitPath(path, 'The path names an element that does not exist.')
  const { property, rule } = found
  const value = Object.hasOwn(owner.value, property) ? owner.value[property] : undefined
  const isExtended = value === undefined && Object.hasOwn(owner.value, `_${property}`)
  if (rule.array === true && Array.isArray(value)) {
    return value.map((item, index) => placeOf(item, rule, { owner, property, index }))
  }
  if (value === undefined && !isExtended) return []
  return [placeOf(value ?? null, rule, { owner, property, index: undefined })]
}

function placeOf(value: Json, rule: ElementRule, at: Position): Place {
  const isResource = rule.type === 'Resource' && isObject(value)
  return { value, type: isResource ? String(value['resourceType']) : rule.type, at }
}

/** The property that an element of this name has: `deceased` is `deceasedBoolean` where that is stored. */
export function elementOf(owner: Place, name: string): { property: string; rule: ElementRule } | undefined {
  const elements = Object.hasOwn(definitions.types, owner.type)
    ? definitions.types[owner.type]?.elements
    : undefined
  if (elements === undefined) return undefined
  const own = Object.hasOwn(elements, name) ? elements[name] : undefined
  if (own !== undefined) return { property: name, rule: own }
  const choices = Object.entries(elements).filter(([, rule]) => rule.choice === name)
  const stored = owner.value as JsonObject
  const [property, rule] =
    choices.find(([key]) => Object.hasOwn(stored, key) || Object.hasOwn(stored, `_${key}`)) ??
    choices[0] ??
    []
  return property === undefined || rule === undefined ? undefined : { property, rule }
}
