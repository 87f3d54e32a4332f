import { definitions, isResourceType, type ElementRule, type TypeRule } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { Refusal, type OutcomeIssue } from '../fhir/outcome.ts'
import { invariantsOf } from './invariants.ts'
import { primitives } from './primitives.ts'

const MAX_ISSUES = 50
const codeSets = new Map(Object.entries(definitions.codes).map(([url, codes]) => [url, new Set(codes)]))
const types = new Map(Object.entries(definitions.types))
const rules = new Map([...types].map(([name, type]) => [name, new Map(Object.entries(type.elements))]))

interface Context {
  issues: OutcomeIssue[]
  /** The resource that invariants call %resource. */
  resource: JsonObject
}

/** Refuses (422) a resource that is not valid R4: unknown or missing elements, wrong types, counts or codes. */
export function requireValid(resource: JsonObject): void {
  const type = resource['resourceType']
  if (!isResourceType(type))
    throw new Refusal(422, 'structure', 'resourceType must name an R4 resource.', 'resourceType')
  const context: Context = { issues: [], resource }
  checkObject(resource, type, type, context, true)
  if (context.issues.length > 0) throw Refusal.ofIssues(422, context.issues)
}

function report(context: Context, code: string, path: string, text: string): void {
  if (context.issues.length < MAX_ISSUES)
    context.issues.push({ severity: 'error', code, details: { text }, expression: [path] })
}

function checkObject(
  value: JsonObject,
  typeName: string,
  path: string,
  context: Context,
  isResource = false,
): void {
  const type = types.get(typeName)
  const elements = rules.get(typeName)
  if (type === undefined || elements === undefined) {
    report(context, 'structure', path, `Elements of the type ${typeName} are not known.`)
    return
  }
  let isEmpty = true
  for (const key in value) {
    isEmpty = false
    const child = value[key] as Json
    if (isResource && key === 'resourceType') continue
    const isPrimitiveExtension = key.startsWith('_')
    const rule = elements.get(isPrimitiveExtension ? key.slice(1) : key)
    if (rule === undefined || (isPrimitiveExtension && !Object.hasOwn(primitives, rule.type))) {
      report(context, 'structure', `${path}.${key.slice(0, 80)}`, 'There is no such element.')
    } else if (isPrimitiveExtension) checkPrimitiveExtension(child, rule, `${path}.${key}`, context)
    else checkElement(child, rule, `${path}.${key}`, context, value[`_${key}`])
  }
  if (isEmpty) report(context, 'structure', path, 'An object must not be empty.')
  checkRequired(value, type, elements, path, context)
  if (context.issues.length === 0) checkInvariants(value, typeName, path, context)
}

function checkInvariants(value: JsonObject, typeName: string, path: string, context: Context): void {
  for (const invariant of invariantsOf(typeName)) {
    if (!invariant.holds(value, context.resource))
      report(context, 'invariant', path, `${invariant.key}: ${invariant.human}`)
  }
}

function checkRequired(
  value: JsonObject,
  type: TypeRule,
  elements: Map<string, ElementRule>,
  path: string,
  context: Context,
): void {
  for (const [name, rule] of elements) {
    if (rule.min > 0 && value[name] === undefined && value[`_${name}`] === undefined) {
      report(context, 'required', `${path}.${name}`, 'This element is required.')
    }
  }
  for (const stem of type.requiredChoices ?? []) {
    const isThere = Object.keys(value).some((key) => elements.get(key.replace(/^_/, ''))?.choice === stem)
    if (!isThere) report(context, 'required', `${path}.${stem}[x]`, 'This element is required.')
  }
  let chosen: Map<string, string> | undefined
  for (const key in value) {
    const name = key.startsWith('_') ? key.slice(1) : key
    const stem = elements.get(name)?.choice
    if (stem === undefined) continue
    chosen ??= new Map()
    const other = chosen.get(stem)
    if (other !== undefined && other !== name)
      report(context, 'structure', `${path}.${stem}[x]`, 'Only one type may be given.')
    chosen.set(stem, name)
  }
}

function checkElement(
  value: Json,
  rule: ElementRule,
  path: string,
  context: Context,
  extensions: Json | undefined,
): void {
  if (rule.array !== true) {
    if (Array.isArray(value))
      report(context, 'structure', path, 'This element may occur once: it must not be an array.')
    else checkValue(value, rule, path, context)
    return
  }
  if (!Array.isArray(value)) {
    report(context, 'structure', path, 'This element may repeat: it must be an array.')
    return
  }
  if (value.length === 0) report(context, 'structure', path, 'An array must not be empty.')
  if (rule.max > 0 && value.length > rule.max)
    report(context, 'structure', path, `At most ${rule.max} may be given.`)
  if (value.length < rule.min) report(context, 'required', path, `At least ${rule.min} must be given.`)
  for (let at = 0; at < value.length; at++) {
    const item = value[at] as Json
    const isExtended = item === null && Array.isArray(extensions) && isObject(extensions[at])
    if (!isExtended) checkValue(item, rule, `${path}[${at}]`, context)
  }
}

function checkValue(value: Json, rule: ElementRule, path: string, context: Context): void {
  const primitive = Object.hasOwn(primitives, rule.type) ? primitives[rule.type] : undefined
  if (primitive !== undefined) {
    if (!primitive(value)) report(context, 'value', path, `The value is not a valid ${rule.type}.`)
    else if (rule.codes !== undefined && codeSets.get(rule.codes)?.has(value as string) === false) {
      report(context, 'code-invalid', path, `The code is not in the required value set ${rule.codes}.`)
    }
    return
  }
  if (!isObject(value)) {
    report(context, 'structure', path, `This element must be an object (${rule.type}).`)
    return
  }
  if (rule.type === 'Resource') {
    const type = value['resourceType']
    if (isResourceType(type))
      checkObject(value, type, path, { issues: context.issues, resource: value }, true)
    else report(context, 'structure', `${path}.resourceType`, 'resourceType must name an R4 resource.')
    return
  }
  checkObject(value, rule.type, path, context)
}

function checkPrimitiveExtension(value: Json, rule: ElementRule, path: string, context: Context): void {
  const list = rule.array === true ? value : [value]
  if (!Array.isArray(list) || (rule.array === true && list.length === 0)) {
    report(context, 'structure', path, 'This must be an array like the element that it extends.')
    return
  }
  for (let at = 0; at < list.length; at++) {
    const item = list[at] as Json
    if (item === null && rule.array === true) continue
    const itemPath = rule.array === true ? `${path}[${at}]` : path
    if (!isObject(item))
      report(context, 'structure', itemPath, 'This must be an object with id or extension.')
    else checkObject(item, 'Element', itemPath, context)
  }
}
