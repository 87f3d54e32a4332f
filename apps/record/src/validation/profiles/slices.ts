import { isObject, type Json, type JsonObject } from '../../fhir/json.ts'
import { containedIn, typeOfReference } from '../references.ts'
import { report } from '../report.ts'
import { coreTypeOf } from './core.ts'
import { fits, isSame, itemsOf, type Item } from './items.ts'
import type { Conforms, ProfileCheck } from './profile-check.ts'
import type { Discriminator, ElementNode, Slicing, Step } from './tree.ts'

/** Deciding by one costs as much as looking at so many elements. */
const STEPS_OF_DISCRIMINATOR = 10

/** Undefined: the definitions that would tell are not here. */
type Verdict = boolean | undefined

/** Sorts the occurrences of an element into its slices; into none when the slices cannot be told apart. */
export function sortIntoSlices(
  node: ElementNode,
  slicing: Slicing,
  items: Item[],
  check: ProfileCheck,
  by: string,
  conforms: Conforms,
): Map<ElementNode, Item[]> {
  const groups = new Map<ElementNode, Item[]>(node.slices.map((slice) => [slice, []]))
  let last = -1
  let sawUnmatched = false
  for (const item of items) {
    const verdicts = node.slices.map((slice) => isInSlice(slice, slicing, item, check, conforms))
    if (verdicts.includes(undefined) && !verdicts.includes(true)) {
      check.gaps.add(`A slice that the profile ${by} names cannot be told apart here.`)
      return new Map()
    }
    const at = verdicts.indexOf(true)
    const slice = node.slices[at]
    if (slice === undefined) {
      sawUnmatched = true
      if (slicing.rules === 'closed')
        report(check, 'structure', item.path, `The profile ${by} allows only what is in one of its slices.`)
      continue
    }
    if (sawUnmatched && slicing.rules === 'openAtEnd')
      report(check, 'structure', item.path, `The profile ${by} allows more only at the end.`)
    if (slicing.isOrdered && at < last)
      report(check, 'structure', item.path, `The profile ${by} gives an order, which is not kept.`)
    last = at
    groups.get(slice)?.push(item)
  }
  return groups
}

function isInSlice(
  slice: ElementNode,
  slicing: Slicing,
  item: Item,
  check: ProfileCheck,
  conforms: Conforms,
): Verdict {
  check.budget.left -= STEPS_OF_DISCRIMINATOR * slicing.discriminators.length
  if (check.budget.left < 0) return undefined
  const verdicts = slicing.discriminators.map((one) => decide(slice, one, item, check, conforms))
  if (verdicts.includes(false)) return false
  return verdicts.length === 0 || verdicts.includes(undefined) ? undefined : true
}

function decide(
  slice: ElementNode,
  discriminator: Discriminator,
  item: Item,
  check: ProfileCheck,
  conforms: Conforms,
): Verdict {
  const { type, path } = discriminator
  const found = follow([item], path, check)
  const targets = nodesAt([slice], path, check)
  if (type === 'exists') {
    if (targets.some((target) => target.max === 0)) return found.length === 0
    return targets.some((target) => target.min > 0) ? found.length > 0 : undefined
  }
  if (type === 'type') {
    const types = targets
      .flatMap((target) => target.types ?? [])
      .flatMap(({ code, targets: points }) =>
        path.at(-1)?.kind === 'resolve'
          ? points.map((one) => coreTypeOf(one) ?? check.known.profile(one)?.type)
          : [code],
      )
    return types.length === 0 ? undefined : found.some((one) => types.includes(one.type))
  }
  if (type === 'profile') return conformsToOne(targets, path, found, check, conforms)
  const expected = expectations(slice, path, targets, check)
  if (expected.length === 0) return undefined
  return expected.every((isMet) => found.some((one) => isMet(one)))
}

type Expectation = (item: Item) => boolean

/** What a slice says of the value at a path: fixed, by a pattern there or around it, or by a value set. */
function expectations(
  slice: ElementNode,
  path: Step[],
  targets: ElementNode[],
  check: ProfileCheck,
): Expectation[] {
  const expected = targets.flatMap(({ fixed, pattern, valueSet }): Expectation[] => {
    if (fixed !== undefined) return [(item) => isSame(item.value, fixed, check.budget)]
    if (pattern !== undefined) return [(item) => fits(item.value, pattern, check.budget)]
    if (valueSet !== undefined) return [(item) => isBound(item.value, valueSet, check)]
    return []
  })
  if (expected.length > 0) return expected
  for (let length = path.length - 1; length >= 0; length--) {
    const names = path.slice(length).flatMap((step) => (step.kind === 'element' ? [step.name] : []))
    if (names.length < path.length - length) break
    const around = nodesAt([slice], path.slice(0, length), check)
    const wanted = around.flatMap(({ fixed, pattern }) => valuesIn(fixed ?? pattern, names))
    check.budget.left -= wanted.length
    if (wanted.length > 0) return wanted.map((value) => (item: Item) => fits(item.value, value, check.budget))
  }
  return []
}

function valuesIn(value: Json | undefined, names: string[]): Json[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.flatMap((one) => valuesIn(one, names))
  const [name, ...rest] = names
  if (name === undefined) return [value]
  return isObject(value) ? valuesIn(value[name], rest) : []
}

function isBound(value: Json | undefined, valueSet: string, check: ProfileCheck): boolean {
  const holds = (system: string | undefined, code: unknown) =>
    typeof code === 'string' && check.known.valueSets.has(valueSet, system, code) !== false
  if (typeof value === 'string') return holds(undefined, value)
  if (!isObject(value ?? null)) return false
  const object = value as JsonObject
  const codings = Array.isArray(object['coding']) ? object['coding'].filter(isObject) : [object]
  return codings.some(({ system, code }) => typeof system === 'string' && holds(system, code))
}

function conformsToOne(
  targets: ElementNode[],
  path: Step[],
  found: Item[],
  check: ProfileCheck,
  conforms: Conforms,
): Verdict {
  const isResolved = path.at(-1)?.kind === 'resolve'
  const canonicals = targets
    .flatMap((target) => target.types ?? [])
    .flatMap((type) => (isResolved ? type.targets : type.profiles))
  const profiles = canonicals.map((canonical) => check.known.profile(canonical))
  const known = profiles.filter((profile) => profile !== undefined)
  if (known.length === 0 || known.length < profiles.length) return undefined
  if (found.some((one) => one.value === undefined)) return undefined
  return found.some((one) => known.some((profile) => conforms(one, profile, check)))
}

/** Goes along a discriminator's path from occurrences of the sliced element. */
function follow(items: Item[], path: Step[], check: ProfileCheck): Item[] {
  return path.reduce<Item[]>((open, step) => open.flatMap((item) => stepFrom(item, step, check)), items)
}

function stepFrom(item: Item, step: Step, check: ProfileCheck): Item[] {
  if (step.kind === 'type') return item.type === step.name ? [item] : []
  if (step.kind === 'extension')
    return itemsOf(item, 'extension', false).filter(
      ({ value }) => isObject(value ?? null) && (value as JsonObject)['url'] === step.url,
    )
  if (step.kind === 'resolve') return resolve(item, check)
  const plain = itemsOf(item, step.name, false)
  return plain.length > 0 ? plain : itemsOf(item, step.name, true)
}

/** What a reference points at: contained resources with their content, others by the type that the reference names. */
function resolve(item: Item, check: ProfileCheck): Item[] {
  const reference = isObject(item.value ?? null) ? (item.value as JsonObject)['reference'] : undefined
  if (typeof reference !== 'string') return []
  const type = typeOfReference(reference, check.root)
  if (type === undefined) return []
  const value = reference.startsWith('#') ? containedIn(check.root, reference) : undefined
  return [{ value, companion: undefined, type, path: item.path }]
}

/** The nodes of a slice at a path, also where only a profile of the slice's type tells them. */
function nodesAt(nodes: ElementNode[], path: Step[], check: ProfileCheck): ElementNode[] {
  return path.reduce<ElementNode[]>((open, step) => open.flatMap((node) => below(node, step, check)), nodes)
}

function below(node: ElementNode, step: Step, check: ProfileCheck): ElementNode[] {
  if (step.kind === 'type' || step.kind === 'resolve') return [node]
  const name = step.kind === 'extension' ? 'extension' : step.name
  const profiled = (node.types ?? [])
    .flatMap((type) => type.profiles)
    .flatMap((canonical) => check.known.profile(canonical)?.root ?? [])
  const children = [node, ...profiled].flatMap((one) => one.children.get(name) ?? [])
  if (step.kind === 'element') return children.length === 0 ? impliedUrl(node, name) : children
  return children.flatMap((child) => child.slices.filter((slice) => isOfUrl(slice, step.url)))
}

/** A slice of extensions is known by its profile's url, whether that is stored here or not. */
function impliedUrl(node: ElementNode, name: string): ElementNode[] {
  const [canonical] = (node.types ?? []).flatMap((type) => type.profiles)
  if (name !== 'url' || canonical === undefined) return []
  return [{ ...node, types: undefined, fixed: canonical.split('|')[0] ?? canonical }]
}

function isOfUrl(slice: ElementNode, url: string): boolean {
  const fixed = slice.children.get('url')?.fixed
  return fixed === url || impliedUrl(slice, 'url').some((node) => node.fixed === url)
}
