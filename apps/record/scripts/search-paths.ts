import type { SearchParameter } from '@medplum/fhirtypes'
import type {
  ParameterType,
  PathStep,
  SearchParam,
  SearchPath,
  TypeRule,
} from '../src/definitions/definitions.ts'

const SUPPORTED = new Set<string>(['token', 'reference', 'string', 'date', 'number', 'quantity', 'uri'])
/** Answered from columns of the resource table, not from an index. */
const COLUMNS = new Set(['_id', '_lastUpdated'])
/** When a type has several dates, the one that people sort by. */
const PRIMARY_DATES = [
  'date',
  'start',
  'period',
  'recorded-date',
  'onset-date',
  'authoredon',
  'authored-on',
  'authored',
  'sent',
  'occurrence',
  'issued',
  'created',
  'recorded',
  'effective',
  'birthdate',
]

/** Resolves every FHIRPath of a search parameter to plain property steps, so that indexing needs no FHIRPath. */
export function compileSearchParameters(
  parameters: SearchParameter[],
  types: Record<string, TypeRule>,
  resourceTypes: string[],
  compartment: Map<string, Set<string>>,
): {
  search: Record<string, Record<string, SearchParam>>
  primaryDates: Record<string, string>
  skipped: string[]
} {
  const search: Record<string, Record<string, SearchParam>> = {}
  const primaryDates: Record<string, string> = {}
  const skipped: string[] = []
  for (const resourceType of resourceTypes) {
    const own: Record<string, SearchParam> = {}
    for (const parameter of parameters) {
      if (!appliesTo(parameter, resourceType) || !SUPPORTED.has(parameter.type)) continue
      if (COLUMNS.has(parameter.code)) continue
      const paths = pathsOf(parameter, resourceType, types)
      if (paths.length === 0) {
        skipped.push(`${resourceType}.${parameter.code}`)
        continue
      }
      const type = parameter.type as ParameterType
      const compiled: SearchParam = { type, paths }
      if (paths.every((path) => path.type === 'instant') && paths.length === 1) compiled.instant = true
      if (isSingle(paths, types, resourceType)) compiled.single = true
      if (type === 'reference') {
        const targets = parameter.target?.filter((target) => target !== ('Resource' as string)) ?? []
        if (targets.length > 0) compiled.targets = targets
        if (compartment.get(resourceType)?.has(parameter.code) === true) compiled.patientCompartment = true
      }
      own[parameter.code] = compiled
    }
    search[resourceType] = own
    const primary = PRIMARY_DATES.find((code) => own[code]?.type === 'date')
    if (primary !== undefined) primaryDates[resourceType] = primary
  }
  return { search, primaryDates, skipped }
}

function appliesTo(parameter: SearchParameter, resourceType: string): boolean {
  const bases = parameter.base as string[]
  return bases.includes(resourceType) || bases.includes('Resource') || bases.includes('DomainResource')
}

/** At most one row per resource: no array on the way, and several paths only as types of one choice. */
function isSingle(paths: SearchPath[], types: Record<string, TypeRule>, resourceType: string): boolean {
  const places = new Set<string>()
  for (const path of paths) {
    if (['CodeableConcept', 'HumanName', 'Address', 'Quantity', 'Money', 'Range'].includes(path.type))
      return false
    let current = resourceType
    let place = ''
    for (const step of path.steps) {
      if (typeof step !== 'string') continue
      const element = types[current]?.elements[step]
      if (element === undefined || element.array === true) return false
      current = element.type
      place += `.${element.choice ?? step}`
    }
    places.add(place)
  }
  return places.size === 1
}

function pathsOf(
  parameter: SearchParameter,
  resourceType: string,
  types: Record<string, TypeRule>,
): SearchPath[] {
  const paths: SearchPath[] = []
  for (const part of (parameter.expression ?? '').split('|').map((piece) => piece.trim())) {
    if (part.includes(' and ')) {
      if (resourceType === 'Patient') paths.push({ steps: [], type: 'deceased' })
      continue
    }
    const steps = tokenise(part)
    const head = steps.shift()
    if (head === undefined) continue
    if (typeof head === 'string' && /^[a-z]/.test(head)) steps.unshift(head)
    else if (head !== resourceType && head !== 'Resource' && head !== 'DomainResource') continue
    if (steps.length > 0) paths.push(...resolve(steps, resourceType, types))
  }
  return paths.filter((path) => path.type !== 'Resource')
}

/** `(A.b.ofType(T)).c.where(x='y')` → ['A', 'b', {ofType: T}, 'c', {where: …}] */
function tokenise(expression: string): (PathStep | { ofType: string })[] {
  const steps: (PathStep | { ofType: string })[] = []
  const pattern =
    /ofType\(([A-Za-z]+)\)|where\(resolve\(\) is ([A-Za-z]+)\)|where\((\w+)\s*=\s*'([^']*)'\)|\[0\]|([A-Za-z][A-Za-z0-9]*)/g
  for (const match of expression.matchAll(pattern)) {
    if (match[1] !== undefined) steps.push({ ofType: match[1] })
    else if (match[2] !== undefined) steps.push({ refersTo: match[2] })
    else if (match[3] !== undefined) steps.push({ where: match[3], equals: match[4] ?? '' })
    else if (match[5] !== undefined) steps.push(match[5])
    else steps.push({ first: true })
  }
  return steps
}

function resolve(
  steps: (PathStep | { ofType: string })[],
  root: string,
  types: Record<string, TypeRule>,
): SearchPath[] {
  let open: { steps: PathStep[]; type: string }[] = [{ steps: [], type: root }]
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]
    if (step === undefined) continue
    if (typeof step !== 'string') {
      if (!('ofType' in step)) for (const path of open) path.steps.push(step)
      continue
    }
    const next = steps[i + 1]
    const only = typeof next === 'object' && 'ofType' in next ? next.ofType : undefined
    const grown: typeof open = []
    for (const path of open) {
      for (const [property, rule] of Object.entries(types[path.type]?.elements ?? {})) {
        if (property !== step && rule.choice !== step) continue
        if (only !== undefined && rule.type !== only) continue
        grown.push({ steps: [...path.steps, property], type: rule.type })
      }
    }
    open = grown
  }
  return open
}
