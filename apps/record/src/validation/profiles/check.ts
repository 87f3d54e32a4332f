import { isResourceType } from '../../definitions/definitions.ts'
import { rangeOfDate } from '../../fhir/dates.ts'
import { isObject, type Json, type JsonObject } from '../../fhir/json.ts'
import { membershipBy } from '../bindings.ts'
import { typeOfReference } from '../references.ts'
import { report } from '../report.ts'
import { ANY_RESOURCE, coreTypeOf } from './core.ts'
import { itemsAt, fits, isSame, type Item } from './items.ts'
import type { ProfileCheck } from './profile-check.ts'
import { sortIntoSlices } from './slices.ts'
import type { AllowedType, ElementNode, Profile } from './tree.ts'

/** What a constraint costs, in elements looked at. */
const STEPS_OF_CONSTRAINT = 20

export function checkProfile(item: Item, profile: Profile, check: ProfileCheck): void {
  if (profile.type !== item.type && !(ANY_RESOURCE.has(profile.type) && isResourceType(item.type))) {
    report(check, 'structure', item.path, `The profile ${nameOf(profile)} is for the type ${profile.type}.`)
    return
  }
  for (const gap of profile.gaps) check.gaps.add(gap)
  checkItem(profile.root, item, check, nameOf(profile))
}

function nameOf(profile: Profile): string {
  return profile.url
}

function checkElement(node: ElementNode, items: Item[], path: string, check: ProfileCheck, by: string): void {
  const place = `${path}.${node.name}${node.isChoice ? '[x]' : ''}`
  const what = node.sliceName === undefined ? 'this element' : `the slice "${node.sliceName}" of this element`
  if (items.length < node.min)
    report(check, 'required', place, `The profile ${by} requires ${what} at least ${times(node.min)}.`)
  if (node.max !== undefined && items.length > node.max)
    report(
      check,
      'structure',
      place,
      node.max === 0
        ? `The profile ${by} does not allow ${what}.`
        : `The profile ${by} allows ${what} at most ${times(node.max)}.`,
    )
  for (const item of items) checkItem(node, item, check, by)
  if (node.slicing === undefined) return
  for (const [slice, own] of sortIntoSlices(node, node.slicing, items, check, by, conforms))
    checkElement(slice, own, path, check, by)
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function checkItem(node: ElementNode, item: Item, check: ProfileCheck, by: string): void {
  check.budget.left -= 1
  if (check.budget.left < 0) return
  const fail = (code: string, text: string) => report(check, code, item.path, text)
  const { value } = item
  if (node.types !== undefined) checkType(node.types, item, check, by)
  if (node.fixed !== undefined && !isSame(value, node.fixed, check.budget))
    fail('value', `The value must be the one that the profile ${by} fixes.`)
  if (node.pattern !== undefined && !fits(value, node.pattern, check.budget))
    fail('value', `The value must hold everything that the profile ${by} gives as its pattern.`)
  if (value !== undefined) {
    if (node.valueSet !== undefined) checkBinding(node.valueSet, item, check)
    if (!isInLimits(node, value)) fail('value', `The value is outside of the limits of the profile ${by}.`)
    check.budget.left -= node.checks.length * STEPS_OF_CONSTRAINT
    if (check.budget.left < 0) return
    for (const { key, human, holds } of node.checks) {
      if (!holds(value, check)) fail('invariant', `${key}: ${human}`)
    }
  }
  for (const child of node.children.values()) {
    checkElement(child, itemsAt(item, child), item.path, check, by)
  }
}

function checkType(types: AllowedType[], item: Item, check: ProfileCheck, by: string): void {
  const isBackbone = item.type.includes('.')
  const allowed = types.filter(
    ({ code }) => code === item.type || isBackbone || (ANY_RESOURCE.has(code) && isResourceType(item.type)),
  )
  if (allowed.length === 0) {
    const codes = types.map(({ code }) => code).join(', ')
    report(check, 'structure', item.path, `The profile ${by} allows only the type: ${codes}.`)
    return
  }
  const targets = allowed.flatMap((type) => type.targets)
  if (item.type === 'Reference' && targets.length > 0) checkTarget(targets, item, check, by)
  const canonicals = allowed.some((type) => type.profiles.length === 0)
    ? []
    : allowed.flatMap((type) => type.profiles)
  if (canonicals.length > 0 && item.value !== undefined) checkProfiles(canonicals, item, check, by)
}

/** The value must keep one of the profiles; what is not stored here counts as kept. */
function checkProfiles(canonicals: string[], item: Item, check: ProfileCheck, by: string): void {
  const others = canonicals.filter((canonical) => coreTypeOf(canonical) !== item.type)
  if (others.length < canonicals.length) return
  const profiles = others.map((canonical) => check.known.profile(canonical))
  const found = profiles.filter((profile) => profile !== undefined)
  if (found.length < profiles.length) {
    check.gaps.add('A profile that an element must keep is not stored here.')
    return
  }
  const [only] = found
  if (found.length === 1 && only !== undefined) checkProfile(item, only, check)
  else if (!found.some((profile) => conforms(item, profile, check)))
    report(check, 'structure', item.path, `The value keeps none of the profiles that ${by} allows here.`)
}

function conforms(item: Item, profile: Profile, check: ProfileCheck): boolean {
  const trial: ProfileCheck = { ...check, issues: [] }
  checkProfile(item, profile, trial)
  return trial.issues.length === 0
}

function checkTarget(targets: string[], item: Item, check: ProfileCheck, by: string): void {
  const types = targets.map((canonical) => coreTypeOf(canonical) ?? check.known.profile(canonical)?.type)
  if (types.some((type) => type === undefined || ANY_RESOURCE.has(type))) return
  const { reference, type } = isObject(item.value ?? null) ? (item.value as JsonObject) : {}
  const pointed =
    typeof reference === 'string'
      ? typeOfReference(reference, check.root)
      : isResourceType(type)
        ? type
        : undefined
  if (pointed !== undefined && !types.includes(pointed))
    report(
      check,
      'structure',
      item.path,
      `The profile ${by} allows references only to: ${[...new Set(types)].join(', ')}.`,
    )
}

function checkBinding(valueSet: string, item: Item, check: ProfileCheck): void {
  const isKnown = { answer: true }
  const isMember = membershipBy(item.type, (system, code) => {
    const answer = check.known.valueSets.has(valueSet, system, code)
    if (answer === undefined) isKnown.answer = false
    return answer !== false
  })
  if (!isMember(item.value as Json))
    report(check, 'code-invalid', item.path, `The code is not in the required value set ${valueSet}.`)
  else if (!isKnown.answer)
    check.gaps.add(`The value set ${valueSet} is not known here, or cannot be listed.`)
}

function isInLimits(node: ElementNode, value: Json): boolean {
  if (node.maxLength !== undefined && typeof value === 'string' && value.length > node.maxLength) return false
  const isLow = node.minValue !== undefined && isLess(value, node.minValue)
  return !isLow && !(node.maxValue !== undefined && isLess(node.maxValue, value))
}

function isLess(a: Json, b: Json): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string') {
    const [left, right] = [rangeOfDate(a), rangeOfDate(b)]
    return left !== undefined && right !== undefined ? left.hi < right.lo : false
  }
  if (!isObject(a) || !isObject(b) || a['code'] !== b['code']) return false
  return isLess(a['value'] ?? null, b['value'] ?? null)
}
