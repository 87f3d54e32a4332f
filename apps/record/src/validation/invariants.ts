import {
  evalFhirPathTyped,
  parseFhirPath,
  toJsBoolean,
  type FhirPathAtom,
  type TypedValue,
} from '@medplum/core'
import type { Invariant } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { BY_HAND } from './invariants-by-hand.ts'
import type { Context } from './report.ts'

/** An invariant that holds or not for one object inside a resource. */
export interface Check {
  key: string
  human: string
  holds: (value: Json, context: Pick<Context, 'resource' | 'root'>) => boolean
}

const UCUM: TypedValue = { type: 'string', value: 'http://unitsofmeasure.org' }

/** What cannot be parsed is not checked: the standard's own invariants all can (a test looks). */
export function prepareInvariants(invariants: readonly Invariant[], typeName: string): Check[] {
  return invariants.flatMap(({ key, human, expression }) => {
    const byHand = BY_HAND[key]
    if (byHand !== undefined)
      return [{ key, human, holds: (value, { resource }) => !isObject(value) || byHand(value, resource) }]
    const atom = parseExpression(expression)
    return atom === undefined ? [] : [{ key, human, holds: makeHolds(atom, typeName) }]
  })
}

export function parseExpression(expression: string): FhirPathAtom | undefined {
  try {
    return parseFhirPath(expression)
  } catch {
    return undefined
  }
}

/** Expressions that may compare everything with everything. */
const EXPENSIVE =
  /isDistinct|distinct\(|intersect|subsetOf|supersetOf|union|combine|\||descendants|repeat|children|%resource|%rootResource/
const MAX_VALUES = 1000
const sizes = new WeakMap<JsonObject, number>()

/** An expression of a profile that somebody uploaded: what may take very long is asked of resources of usual size only. */
export function prepareExpression(atom: FhirPathAtom, expression: string, typeName: string): Check['holds'] {
  const holds = makeHolds(atom, typeName)
  if (!EXPENSIVE.test(expression)) return holds
  return (value, context) => sizeOf(context.root.resource) > MAX_VALUES || holds(value, context)
}

/** How many values a resource holds. */
export function sizeOf(resource: JsonObject): number {
  const known = sizes.get(resource)
  if (known !== undefined) return known
  const counted = countValues(resource)
  sizes.set(resource, counted)
  return counted
}

function countValues(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1
  let count = 1
  for (const one of Object.values(value)) count += countValues(one)
  return count
}

/** What the FHIRPath engine cannot evaluate counts as kept: refusing good data would be the worse mistake. */
function makeHolds(atom: FhirPathAtom, typeName: string): Check['holds'] {
  return (value, context) => {
    const focus: TypedValue = { type: typeName, value }
    const variables = {
      '%context': focus,
      '%resource': typed(context.resource),
      '%rootResource': typed(context.root.resource),
      '%ucum': UCUM,
    }
    try {
      const result = evalFhirPathTyped(atom, [focus], variables)
      return result.length === 0 || toJsBoolean(result)
    } catch {
      return true
    }
  }
}

function typed(resource: JsonObject): TypedValue {
  return { type: String(resource['resourceType']), value: resource }
}
