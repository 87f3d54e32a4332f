import type { PathStep } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'

const NOTHING: Json[] = []

/** Everything that a compiled search path finds in a resource. */
export function valuesAt(resource: JsonObject, steps: PathStep[]): readonly Json[] {
  const [first] = steps
  // Most elements are not there, and most paths end here.
  if (typeof first === 'string' && !Object.hasOwn(resource, first)) return NOTHING
  let current: Json[] = [resource]
  for (const step of steps) {
    const next: Json[] = []
    if (typeof step === 'string') {
      for (const value of current) {
        const child = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
        if (child === undefined || child === null) continue
        if (!Array.isArray(child)) next.push(child)
        // One by one: a list may be longer than a call may have arguments.
        else for (const item of child) if (item !== null) next.push(item)
      }
    } else if ('first' in step) {
      if (current[0] !== undefined) next.push(current[0])
    } else {
      for (const value of current) if (isObject(value) && matches(value, step)) next.push(value)
    }
    current = next
    if (current.length === 0) break
  }
  return current
}

function matches(value: JsonObject, step: Exclude<PathStep, string | { first: true }>): boolean {
  if ('where' in step) return value[step.where] === step.equals
  const reference = value['reference']
  if (value['type'] === step.refersTo || value['resourceType'] === step.refersTo) return true
  return typeof reference === 'string' && literalOf(step.refersTo).test(reference)
}

const literals = new Map<string, RegExp>()

/** `Type/id`, also at the end of a URL and with a version. */
function literalOf(type: string): RegExp {
  const known = literals.get(type) ?? new RegExp(`(^|/)${type}/[A-Za-z0-9.-]+(/_history/[^/]+)?$`)
  literals.set(type, known)
  return known
}
