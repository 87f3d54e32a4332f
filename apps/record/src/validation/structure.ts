import { isResourceType } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import {
  checkAbsolute,
  checkAttachment,
  checkBundle,
  checkExtension,
  checkNarrative,
  isCodeOfAnotherVersion,
} from './by-type.ts'
import { checkContained, checkReference, noteLink } from './references.ts'
import { makeContainer, report, type Context, type Place } from './report.ts'
import { typeOf, type PreparedType, type Rule } from './rules.ts'

/** Checks a resource with everything inside it, contained resources included. */
export function checkResource(resource: JsonObject, path: string, context: Context): void {
  const type = resource['resourceType']
  if (!isResourceType(type)) {
    report(context, 'structure', `${path}.resourceType`, 'resourceType must name an R4 resource.')
    return
  }
  const rules = typeOf(type)
  if (rules === undefined) return
  const { meta } = resource
  if (isObject(meta) && meta['profile'] !== undefined)
    context.claims.push({ resource, path, root: context.root })
  checkObject(resource, rules, path, context, { type, name: type, value: resource, around: undefined }, true)
  if (resource === context.root.resource) checkContained(context)
}

function checkObject(
  value: JsonObject,
  type: PreparedType,
  path: string,
  context: Context,
  place: Place,
  isResource = false,
): void {
  let count = 0
  let chosen: Map<string, string> | undefined
  for (const key in value) {
    if (isResource && key === 'resourceType') continue
    count++
    const isPrimitiveExtension = key.charCodeAt(0) === 95
    const name = isPrimitiveExtension ? key.slice(1) : key
    const rule = type.elements.get(name)
    if (rule === undefined || (isPrimitiveExtension && rule.primitive === undefined)) {
      report(context, 'structure', `${path}.${key.slice(0, 80)}`, 'There is no such element.')
      continue
    }
    if (rule.choice !== undefined) {
      chosen ??= new Map()
      const other = chosen.get(rule.choice)
      if (other !== undefined && other !== name)
        report(context, 'structure', `${path}.${rule.choice}[x]`, 'Only one type may be given.')
      chosen.set(rule.choice, name)
    }
    const child = value[key] as Json
    if (isPrimitiveExtension) checkCompanion(child, value[name], rule, `${path}.${key}`, context, place)
    else checkElement(child, rule, `${path}.${key}`, context, value[`_${key}`], place)
  }
  if (isResource) {
    if (type.elements.get('url')?.type === 'uri') checkAbsolute(value['url'], `${path}.url`, context)
  } else if (count === 0) report(context, 'structure', path, 'An object must not be empty.')
  else if (count === 1 && value['id'] !== undefined)
    report(context, 'invariant', path, 'ele-1: An element must have a value or something besides its id.')
  for (const rule of type.required) {
    if (value[rule.name] === undefined && value[`_${rule.name}`] === undefined)
      report(context, 'required', `${path}.${rule.name}`, 'This element is required.')
  }
  for (const stem of type.requiredChoices) {
    if (chosen?.has(stem) !== true)
      report(context, 'required', `${path}.${stem}[x]`, 'This element is required.')
  }
  if (context.issues.length > 0) return
  checkByType(value, type.name, path, context, place)
  for (const check of type.invariants) {
    if (!check.holds(value, context)) report(context, 'invariant', path, `${check.key}: ${check.human}`)
  }
}

function checkByType(value: JsonObject, type: string, path: string, context: Context, place: Place): void {
  if (type === 'Extension') checkExtension(value, path, context, place)
  else if (type === 'Narrative') checkNarrative(value, path, context)
  else if (type === 'Coding' || type === 'ValueSet.compose.include')
    checkAbsolute(value['system'], `${path}.system`, context)
  else if (type === 'Attachment') checkAttachment(value, path, context)
  else if (type === 'Bundle') checkBundle(value, path, context)
}

function checkElement(
  value: Json,
  rule: Rule,
  path: string,
  context: Context,
  companion: Json | undefined,
  place: Place,
): void {
  if (!rule.isArray) {
    if (Array.isArray(value))
      report(context, 'structure', path, 'This element may occur once: it must not be an array.')
    else checkValue(value, rule, path, context, place)
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
    const isExtended =
      item === null && rule.primitive !== undefined && Array.isArray(companion) && isObject(companion[at])
    if (!isExtended) checkValue(item, rule, `${path}[${at}]`, context, place)
  }
}

function checkValue(value: Json, rule: Rule, path: string, context: Context, place: Place): void {
  if (rule.primitive !== undefined) {
    if (!rule.primitive(value)) report(context, 'value', path, `The value is not a valid ${rule.type}.`)
    else if (rule.isMember?.(value) === false) reportCode(rule, path, context)
    else if (rule.isLink && (value as string).startsWith('#')) noteLink(value as string, context)
    return
  }
  if (!isObject(value)) {
    report(context, 'structure', path, `This element must be an object (${rule.type}).`)
    return
  }
  if (rule.type === 'Resource') {
    const root = rule.name === 'contained' ? context.root : makeContainer(value, path)
    const inner = { ...context, resource: value, root }
    checkResource(value, path, inner)
    return
  }
  const type = typeOf(rule.type)
  if (type === undefined) {
    report(context, 'structure', path, `Elements of the type ${rule.type} are not known.`)
    return
  }
  const inner = { type: rule.type, name: rule.choice ?? rule.name, value, around: place }
  checkObject(value, type, path, context, inner)
  if (rule.isMember?.(value) === false) reportCode(rule, path, context)
  if (rule.type === 'Reference') checkReference(value, rule.targets, path, context)
  for (const check of rule.invariants) {
    if (context.issues.length === 0 && !check.holds(value, context))
      report(context, 'invariant', path, `${check.key}: ${check.human}`)
  }
}

function reportCode(rule: Rule, path: string, context: Context): void {
  report(context, 'code-invalid', path, `The code is not in the required value set ${rule.valueSet}.`)
}

/** `_name`: the id and extensions of a primitive, and of each of them where it repeats. */
function checkCompanion(
  companion: Json,
  value: Json | undefined,
  rule: Rule,
  path: string,
  context: Context,
  place: Place,
): void {
  const list = rule.isArray ? companion : [companion]
  if (!Array.isArray(list) || list.length === 0) {
    report(context, 'structure', path, 'This must be an array like the element that it extends.')
    return
  }
  const values = rule.isArray ? (Array.isArray(value) ? value : []) : [value]
  const type = typeOf('Element') as PreparedType
  list.forEach((item, at) => {
    const itemPath = rule.isArray ? `${path}[${at}]` : path
    const hasValue = values[at] !== undefined && values[at] !== null
    if (item === null && rule.isArray) return
    if (!isObject(item)) {
      report(context, 'structure', itemPath, 'This must be an object with id or extension.')
    } else if (hasValue && item['id'] !== undefined && Object.keys(item).length === 1) {
      if (typeof item['id'] !== 'string')
        report(context, 'value', `${itemPath}.id`, 'The value is not a valid string.')
    } else {
      const inner = { type: rule.type, name: rule.choice ?? rule.name, value: item, around: place }
      checkObject(item, type, itemPath, context, inner)
      if (!hasValue && rule.isMember !== undefined && !isCodeOfAnotherVersion(item))
        reportCode(rule, itemPath, context)
    }
  })
}
