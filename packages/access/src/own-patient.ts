import type { Patient, Resource } from '@medplum/fhirtypes'

import { forbidden, type Refused, unprocessable } from './decision.ts'
import { isSame } from './same.ts'

/** What may stand in an element: a value, a list of something, or named elements; everything else is not taken. */
type Shape = 'text' | 'flag' | 'number' | readonly [Shape] | { readonly [name: string]: Shape }
type Elements = Record<string, unknown>

const MOST_ITEMS = 20
const LONGEST_TEXT = 200
const PREFERRED_USES: ReadonlySet<unknown> = new Set(['usual', 'nickname'])

const PERIOD: Shape = { start: 'text', end: 'text' }
const CODING: Shape = { system: 'text', version: 'text', code: 'text', display: 'text', userSelected: 'flag' }

/** The fields that patients change themselves, with the elements that they may fill. */
const OWN_FIELDS: Readonly<Record<string, { readonly [name: string]: Shape }>> = {
  telecom: { system: 'text', value: 'text', use: 'text', rank: 'number', period: PERIOD },
  address: {
    use: 'text',
    type: 'text',
    text: 'text',
    line: ['text'],
    city: 'text',
    district: 'text',
    state: 'text',
    postalCode: 'text',
    country: 'text',
    period: PERIOD,
  },
  name: {
    use: 'text',
    text: 'text',
    family: 'text',
    given: ['text'],
    prefix: ['text'],
    suffix: ['text'],
    period: PERIOD,
  },
  communication: { language: { coding: [CODING], text: 'text' }, preferred: 'flag' },
}

export function isElements(value: unknown): value is Elements {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Where a value is not of its shape, as a path below `path`; undefined when it is. */
function faultIn(value: unknown, shape: Shape, path: string): string | undefined {
  if (shape === 'text') return typeof value === 'string' && value.length <= LONGEST_TEXT ? undefined : path
  if (shape === 'flag') return typeof value === 'boolean' ? undefined : path
  if (shape === 'number') return typeof value === 'number' ? undefined : path
  if (Array.isArray(shape)) {
    if (!Array.isArray(value) || value.length > MOST_ITEMS) return path
    return firstOf(
      value.map((one, index) => [one, `${path}[${index}]`] as const),
      shape[0] as Shape,
    )
  }
  if (!isElements(value)) return path
  const shapes = shape as { readonly [name: string]: Shape }
  for (const [name, child] of Object.entries(value)) {
    const place = `${path}.${name.slice(0, 64)}`
    if (!Object.hasOwn(shapes, name)) return place
    const fault = faultIn(child, shapes[name] as Shape, place)
    if (fault !== undefined) return fault
  }
  return undefined
}

function firstOf(values: readonly (readonly [unknown, string])[], shape: Shape): string | undefined {
  for (const [value, path] of values) {
    const fault = faultIn(value, shape, path)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** What an item has from a stored one may stay, extensions included: only what is new is checked. */
function newPart(item: unknown, stored: readonly unknown[]): unknown {
  if (!isElements(item)) return item
  const isStored = ([name, value]: [string, unknown]) =>
    stored.some((one) => isElements(one) && Object.hasOwn(one, name) && isSame(one[name], value))
  return Object.fromEntries(Object.entries(item).filter((entry) => !isStored(entry)))
}

function faultInField(field: string, value: unknown, stored: unknown): string | undefined {
  if (value === undefined || isSame(value, stored)) return undefined
  const path = `Patient.${field}`
  const before: unknown[] = Array.isArray(stored) ? stored : []
  if (!Array.isArray(value) || value.length > Math.max(MOST_ITEMS, before.length)) return path
  const items = value.map((item, index) => [newPart(item, before), `${path}[${index}]`] as const)
  return firstOf(items, OWN_FIELDS[field] ?? {})
}

function officialNames(patient: Patient): unknown[] {
  const names: unknown[] = patient.name ?? []
  return names.filter((name) => !isElements(name) || !PREFERRED_USES.has(name.use))
}

/** What patients may change of their own details: known elements of a few fields, in bounded number and length. */
export function checkOwnPatient(resource: Resource, stored: Resource): Refused | undefined {
  if (resource.resourceType !== 'Patient' || stored.resourceType !== 'Patient') return forbidden()
  const fields = new Set([...Object.keys(resource), ...Object.keys(stored)]) as Set<keyof Patient>
  for (const field of fields) {
    if (!Object.hasOwn(OWN_FIELDS, field) && field !== 'meta' && !isSame(resource[field], stored[field])) {
      return unprocessable(
        'You may change your phone, address, languages and preferred name only',
        `Patient.${field.slice(0, 64)}`,
      )
    }
  }
  const { profile } = resource.meta ?? {}
  if (profile !== undefined && !isSame(profile, stored.meta?.profile))
    return unprocessable('The profiles of your details are not changed here', 'Patient.meta.profile')
  for (const field of Object.keys(OWN_FIELDS) as (keyof Patient)[]) {
    const fault = faultInField(field, resource[field], stored[field])
    if (fault !== undefined) return unprocessable('This is not taken here, or it is too much', fault)
  }
  return isSame(officialNames(resource), officialNames(stored))
    ? undefined
    : unprocessable('Of your names, only the preferred one may be changed here', 'Patient.name')
}
