import { isResourceType } from '../../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../../fhir/json.ts'
import { typeOf } from '../rules.ts'
import type { ElementNode } from './tree.ts'

/** One occurrence of an element. */
export interface Item {
  /** Undefined for a primitive that has only extensions. */
  value: Json | undefined
  /** What stands in `_name` beside a primitive. */
  companion: JsonObject | undefined
  /** The type, the path of a backbone element, or the type of a resource. */
  type: string
  path: string
}

/** The occurrences of an element below an item; those of a choice whatever their type. */
export function itemsOf(item: Item, name: string, isChoice: boolean): Item[] {
  const holder = isObject(item.value ?? null) ? (item.value as JsonObject) : item.companion
  const type = typeOf(isObject(item.value ?? null) ? item.type : 'Element')
  if (holder === undefined || type === undefined) return []
  if (!isChoice) {
    const rule = type.elements.get(name)
    return rule === undefined ? [] : occurrences(holder, name, rule.type, item.path)
  }
  const found = new Set<string>()
  for (const key in holder) {
    const property = key.startsWith('_') ? key.slice(1) : key
    if (type.elements.get(property)?.choice === name) found.add(property)
  }
  return [...found].flatMap((property) =>
    occurrences(holder, property, type.elements.get(property)?.type ?? '', item.path),
  )
}

function occurrences(holder: JsonObject, name: string, type: string, path: string): Item[] {
  const values = holder[name]
  const companions = holder[`_${name}`]
  if (!Array.isArray(values) && !Array.isArray(companions)) {
    if (values === undefined && companions === undefined) return []
    return [makeItem(values, companions, type, `${path}.${name}`)]
  }
  const [list, beside] = [asList(values), asList(companions)]
  return Array.from({ length: Math.max(list.length, beside.length) }, (_one, at) =>
    makeItem(list[at] ?? undefined, beside[at], type, `${path}.${name}[${at}]`),
  )
}

function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

function makeItem(value: Json | undefined, companion: Json | undefined, type: string, path: string): Item {
  const own = type === 'Resource' && isObject(value ?? null) ? (value as JsonObject)['resourceType'] : type
  return {
    value,
    companion: isObject(companion ?? null) ? (companion as JsonObject) : undefined,
    type: type === 'Resource' && isResourceType(own) ? own : type,
    path,
  }
}

/** Those of a node below an item. */
export function itemsAt(item: Item, node: ElementNode): Item[] {
  return itemsOf(item, node.name, node.isChoice)
}

/** What may still be looked at; once it is less than nothing, what is answered counts no more. */
interface Budget {
  left: number
}

/** The same JSON, whatever the order of its properties. */
export function isSame(a: Json | undefined, b: Json | undefined, budget: Budget): boolean {
  budget.left -= 1
  if (a === b) return true
  if (budget.left < 0) return false
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((one, at) => isSame(one, b[at], budget))
  if (!isObject(a ?? null) || !isObject(b ?? null)) return false
  const [left, right] = [a as JsonObject, b as JsonObject]
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length && keys.every((key) => isSame(left[key], right[key], budget))
  )
}

/** Everything of the pattern is there: each entry of its lists in one of the value's. */
export function fits(value: Json | undefined, pattern: Json | undefined, budget: Budget): boolean {
  budget.left -= 1
  if (budget.left < 0) return false
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((wanted) => value.some((one) => fits(one, wanted, budget)))
  if (isObject(pattern ?? null)) {
    const wanted = pattern as JsonObject
    return (
      isObject(value ?? null) &&
      Object.keys(wanted).every((key) => fits((value as JsonObject)[key], wanted[key], budget))
    )
  }
  return value === pattern
}
