import {
  evalFhirPathTyped,
  parseFhirPath,
  toJsBoolean,
  type FhirPathAtom,
  type TypedValue,
} from '@medplum/core'
import { definitions, type Invariant } from '../definitions/definitions.ts'
import { rangeOfDate } from '../fhir/dates.ts'
import { isObject, type JsonObject } from '../fhir/json.ts'

/** An invariant that holds or not for one object inside a resource. */
interface Check {
  key: string
  human: string
  holds: (value: JsonObject, resource: JsonObject) => boolean
}

/** Comparing every pair of a long list would let one hostile body keep the writer busy. */
const QUADRATIC = /isDistinct|distinct\(|intersect|descendants|repeat\(|trace\(|\$this in/
const UCUM: TypedValue = { type: 'string', value: 'http://unitsofmeasure.org' }

/** The invariants of types that occur everywhere, written out: a FHIRPath evaluation each would double every write. */
const BY_HAND: Record<string, (value: JsonObject) => boolean> = {
  'per-1': (period) => !isAfter(period['start'], period['end']),
  'qty-3': (quantity) => quantity['code'] === undefined || quantity['system'] !== undefined,
  'rng-2': (range) => !isMore(range['low'], range['high']),
  'att-1': (attachment) => attachment['data'] === undefined || attachment['contentType'] !== undefined,
  'cpt-2': (contact) =>
    contact['value'] === undefined || contact['system'] !== undefined || contact['_system'] !== undefined,
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

const checks = new Map<string, Check[]>()

/** The invariants of a type or backbone path, prepared once. */
export function invariantsOf(typeName: string): Check[] {
  const known = checks.get(typeName)
  if (known !== undefined) return known
  const made = (definitions.types[typeName]?.invariants ?? []).flatMap((invariant) =>
    makeCheck(invariant, typeName),
  )
  checks.set(typeName, made)
  return made
}

function makeCheck(invariant: Invariant, typeName: string): Check[] {
  const { key, human } = invariant
  const byHand = BY_HAND[key]
  if (byHand !== undefined) return [{ key, human, holds: byHand }]
  if (QUADRATIC.test(invariant.expression)) return []
  let atom: FhirPathAtom
  try {
    atom = parseFhirPath(invariant.expression)
  } catch {
    return []
  }
  return [{ key, human, holds: (value, resource) => evaluate(atom, value, resource, typeName) }]
}

/** What the FHIRPath engine cannot evaluate counts as kept: refusing good data would be the worse mistake. */
function evaluate(atom: FhirPathAtom, value: JsonObject, resource: JsonObject, typeName: string): boolean {
  const context: TypedValue = { type: typeName, value }
  const root: TypedValue = { type: String(resource['resourceType']), value: resource }
  try {
    const variables = { '%context': context, '%resource': root, '%rootResource': root, '%ucum': UCUM }
    const result = evalFhirPathTyped(atom, [context], variables)
    return result.length === 0 || toJsBoolean(result)
  } catch {
    return true
  }
}
