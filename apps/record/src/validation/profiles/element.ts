import { definitions } from '../../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../../fhir/json.ts'
import { parseExpression, prepareExpression } from '../invariants.ts'
import { primitives } from '../primitives.ts'
import { coreTypeOf } from './core.ts'
import { readSlicing } from './discriminators.ts'
import { BrokenProfile, type AllowedType, type ElementNode } from './tree.ts'

const MAX_EXPRESSION = 4000
const SIMPLE_QUANTITY = 'http://hl7.org/fhir/StructureDefinition/SimpleQuantity'
/** Quantifiers inside of quantifiers: one crafted text could keep such a pattern busy for hours. */
const NESTED_QUANTIFIER = /\([^()]*[+*][^()]*\)[+*{]/

let coreKeys: Set<string> | undefined

/** Narrows a node by what one ElementDefinition says. */
export function applyElement(node: ElementNode, element: JsonObject, place: string, gaps: string[]): void {
  applyCounts(node, element, place)
  applyTypes(node, element['type'])
  for (const key in element) {
    const value = element[key] as Json
    if (/^fixed[A-Z]/.test(key)) node.fixed = value
    else if (/^pattern[A-Z]/.test(key)) node.pattern = value
    else if (/^minValue[A-Z]/.test(key)) node.minValue = value
    else if (/^maxValue[A-Z]/.test(key)) node.maxValue = value
  }
  if (typeof element['maxLength'] === 'number') node.maxLength = element['maxLength']
  const { binding, slicing } = element
  if (isObject(binding ?? null)) applyBinding(node, binding as JsonObject)
  if (isObject(slicing ?? null)) node.slicing = readSlicing(slicing as JsonObject, place)
  for (const constraint of listOf(element['constraint'])) applyConstraint(node, constraint, place, gaps)
}

function applyCounts(node: ElementNode, element: JsonObject, place: string): void {
  const { min, max } = element
  if (typeof min === 'number') node.min = min
  if (typeof max === 'string') {
    if (max !== '*' && !/^\d{1,9}$/.test(max))
      throw new BrokenProfile('The maximum must be a number or "*".', `${place}.max`)
    node.max = max === '*' ? undefined : Number(max)
  }
  if (node.max !== undefined && node.min > node.max)
    throw new BrokenProfile('The minimum is more than the maximum.', place)
}

/** Types are kept where they can be checked: of a choice, with profiles, and with targets of references. */
function applyTypes(node: ElementNode, value: Json | undefined): void {
  const types = listOf(value).flatMap((type): AllowedType[] => {
    const code = String(type['code'])
    if (code.startsWith('http://hl7.org/fhirpath/')) return []
    const profiles = textsOf(type['profile'])
    if (!profiles.includes(SIMPLE_QUANTITY))
      return [{ code, profiles, targets: textsOf(type['targetProfile']) }]
    addSimple(node)
    return [{ code, profiles: profiles.filter((one) => one !== SIMPLE_QUANTITY), targets: [] }]
  })
  if (types.length === 0) return
  const [only] = types
  if (types.length === 1 && only !== undefined && (node.isChoice || node.type === 'Resource'))
    node.type = Object.hasOwn(primitives, only.code) ? 'Element' : only.code
  const says = node.isChoice || types.some((type) => type.profiles.length > 0 || type.targets.length > 0)
  if (says || node.type === 'Resource' || node.types !== undefined || isResourceHolder(node))
    node.types = types
}

/** The one profile that R4 itself uses in its types. */
function addSimple(node: ElementNode): void {
  if (node.checks.some((check) => check.key === 'sqty-1')) return
  node.checks.push({
    key: 'sqty-1',
    human: 'The comparator is not used on a SimpleQuantity',
    holds: (value) => !isObject(value) || value['comparator'] === undefined,
  })
}

function isResourceHolder(node: ElementNode): boolean {
  return node.name === 'resource' || node.name === 'contained'
}

function applyBinding(node: ElementNode, binding: JsonObject): void {
  const { strength, valueSet } = binding
  if (strength !== 'required' || typeof valueSet !== 'string') return
  node.valueSet = valueSet
}

function applyConstraint(node: ElementNode, constraint: JsonObject, place: string, gaps: string[]): void {
  const { key, severity, human, expression, source } = constraint
  if (severity !== 'error' || typeof expression !== 'string' || typeof key !== 'string') return
  if (isCore(key, source) || node.checks.some((check) => check.key === key)) return
  if (expression.length > MAX_EXPRESSION)
    throw new BrokenProfile(
      `An expression may have at most ${MAX_EXPRESSION} characters.`,
      `${place}.constraint`,
    )
  const atom = parseExpression(expression)
  if (atom === undefined)
    throw new BrokenProfile('The expression of a constraint is not FHIRPath.', `${place}.constraint`)
  if (/matches|replaceMatches/i.test(expression) && NESTED_QUANTIFIER.test(expression)) {
    gaps.push(`The constraint ${key} is not checked: its pattern could run for hours.`)
    return
  }
  node.checks.push({
    key,
    human: typeof human === 'string' ? human : 'The profile is not kept.',
    holds: prepareExpression(atom, expression, node.type ?? 'Element'),
  })
}

/** Invariants of the standard itself are checked for every resource already. */
function isCore(key: string, source: Json | undefined): boolean {
  if (typeof source === 'string' && coreTypeOf(source) === undefined) return false
  if (coreKeys === undefined) {
    coreKeys = new Set(['ele-1', 'ext-1', 'ref-1', 'txt-1', 'txt-2'])
    for (const type of Object.values(definitions.types)) {
      for (const { key: known } of type.invariants ?? []) coreKeys.add(known)
      for (const rule of Object.values(type.elements))
        for (const { key: known } of rule.invariants ?? []) coreKeys.add(known)
    }
  }
  return coreKeys.has(key) || /^dom-\d$/.test(key)
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
