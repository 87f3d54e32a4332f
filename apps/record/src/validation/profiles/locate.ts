import type { JsonObject } from '../../fhir/json.ts'
import { typeOf, type Rule } from '../rules.ts'
import { BrokenProfile, makeNode, type ElementNode } from './tree.ts'

/** An extension of a primitive hangs on an Element. */
const PRIMITIVE_HOLDER = 'Element'
const IMPLIED_BY_URL = new Set(['extension', 'modifierExtension'])

/**
 * The node that an ElementDefinition is about, made when it is not there: its id says by which slices it goes
 * (`Patient.extension:race.url`). Undefined for what has no place in a resource (the value of a primitive).
 */
export function locate(
  root: ElementNode,
  element: JsonObject,
  type: string,
  place: string,
): ElementNode | undefined {
  const path = String(element['path']).split('.')
  const segments = segmentsOf(element, path)
  if (path[0] !== type) throw new BrokenProfile('The path must start with the type.', `${place}.path`)
  let node = root
  for (const [name, slice] of segments.slice(1)) {
    const child = childOf(node, name, place)
    if (child === undefined) return undefined
    node = child
    for (const part of slice === undefined ? [] : slice.split('/')) node = sliceOf(node, part)
  }
  return node
}

function segmentsOf(element: JsonObject, path: string[]): [string, string | undefined][] {
  const ids = String(element['id']).split('.')
  const isId = ids.length === path.length
  const segments = (isId ? ids : path).map((part): [string, string | undefined] => {
    const at = part.indexOf(':')
    return at < 0 ? [part, undefined] : [part.slice(0, at), part.slice(at + 1)]
  })
  const last = segments.at(-1)
  const sliceName = element['sliceName']
  if (last !== undefined && last[1] === undefined && typeof sliceName === 'string') last[1] = sliceName
  return segments
}

function childOf(node: ElementNode, name: string, place: string): ElementNode | undefined {
  const stem = name.endsWith('[x]') ? name.slice(0, -3) : undefined
  const known = node.children.get(stem ?? name)
  if (known !== undefined && known.isChoice === (stem !== undefined)) return known
  const holder = node.type === undefined ? undefined : typeOf(node.type)
  if (holder === undefined) {
    if (node.type !== undefined && name !== 'extension' && name !== 'id') return undefined
    return added(node, makeNode(stem ?? name, { isChoice: stem !== undefined }))
  }
  if (stem !== undefined) {
    const rules = [...holder.elements.values()].filter((rule) => rule.choice === stem)
    const [first] = rules
    if (first === undefined) throw unknown(place)
    return added(node, makeChoice(node, stem, first))
  }
  const rule = holder.elements.get(name)
  if (rule === undefined) throw unknown(place)
  if (rule.choice === undefined) return added(node, makeChild(rule))
  // `valueQuantity` is short for the slice of `value[x]` that is a Quantity.
  const choice = node.children.get(rule.choice) ?? added(node, makeChoice(node, rule.choice, rule))
  const slice = sliceOf(choice, name)
  slice.types ??= [{ code: rule.type, profiles: [], targets: [] }]
  slice.type = typeNameOf(rule)
  return slice
}

function added(parent: ElementNode, node: ElementNode): ElementNode {
  parent.children.set(node.name, node)
  return node
}

function makeChoice(parent: ElementNode, stem: string, rule: Rule): ElementNode {
  const isRequired = parent.type !== undefined && typeOf(parent.type)?.requiredChoices.includes(stem) === true
  return makeNode(stem, {
    isChoice: true,
    baseMin: isRequired ? 1 : 0,
    baseMax: rule.isArray ? undefined : 1,
  })
}

function makeChild(rule: Rule): ElementNode {
  return makeNode(rule.name, {
    type: typeNameOf(rule),
    baseMin: rule.min,
    baseMax: rule.max === 0 ? undefined : rule.max,
  })
}

function typeNameOf(rule: Rule): string {
  return rule.primitive === undefined ? rule.type : PRIMITIVE_HOLDER
}

/** Slices without a rule of their own: extensions by their url, a choice by its type. */
function sliceOf(node: ElementNode, sliceName: string): ElementNode {
  const known = node.slices.find((slice) => slice.sliceName === sliceName)
  if (known !== undefined) return known
  const slice = makeNode(node.name, {
    isChoice: node.isChoice,
    sliceName,
    type: node.type,
    baseMax: node.baseMax,
  })
  node.slices.push(slice)
  if (IMPLIED_BY_URL.has(node.name))
    node.slicing ??= {
      discriminators: [{ type: 'value', path: [{ kind: 'element', name: 'url' }] }],
      rules: 'open',
      isOrdered: false,
    }
  else if (node.isChoice)
    node.slicing ??= { discriminators: [{ type: 'type', path: [] }], rules: 'open', isOrdered: false }
  return slice
}

function unknown(place: string): BrokenProfile {
  return new BrokenProfile('R4 has no element of this path.', `${place}.path`)
}
