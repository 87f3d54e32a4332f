import type { SearchParameter } from '@medplum/fhirtypes'
import type { ParameterType, SearchParam, SearchPath, TypeRule } from '../src/definitions/definitions.ts'
import { compileComposites } from './composites.ts'
import { followSteps, stepsOf } from './resolve-path.ts'

/** Answered from columns of the resource table, not from an index. */
const COLUMNS = new Set(['_id', '_lastUpdated'])
/** Parameters without an expression, which this server refuses in words: searches of all text, and named queries. */
const UNSUPPORTED = new Set(['_text', '_content', '_query'])
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

/**
 * Resolves every FHIRPath of a search parameter to plain property steps, so that indexing needs no FHIRPath. Throws when
 * a part of an expression leads nowhere: a parameter is searched as the standard says or the build fails.
 */
export function compileSearchParameters(
  parameters: SearchParameter[],
  types: Record<string, TypeRule>,
  resourceTypes: string[],
  compartment: Map<string, string[]>,
): { search: Record<string, Record<string, SearchParam>>; primaryDates: Record<string, string> } {
  const search: Record<string, Record<string, SearchParam>> = {}
  const primaryDates: Record<string, string> = {}
  for (const resourceType of resourceTypes) {
    const own: Record<string, SearchParam> = {}
    const here = parameters.filter(
      ({ code, ...rest }) => appliesTo(rest, resourceType) && !COLUMNS.has(code) && !UNSUPPORTED.has(code),
    )
    for (const parameter of here) {
      if (parameter.type === 'composite') continue
      const paths = pathsOf(parameter, resourceType, types)
      if (paths.length === 0) throw new Error(`${resourceType}.${parameter.code} has no path.`)
      const type = parameter.type as ParameterType
      const compiled: SearchParam = { type, paths }
      if (paths.every((path) => path.type === 'instant') && paths.length === 1) compiled.instant = true
      if (isSingle(paths, types, resourceType)) compiled.single = true
      if (type === 'reference') {
        const targets = parameter.target?.filter((target) => target !== ('Resource' as string)) ?? []
        if (targets.length > 0) compiled.targets = targets
        if (compartment.get(resourceType)?.includes(parameter.code) === true)
          compiled.patientCompartment = true
      }
      own[parameter.code] = compiled
    }
    compileComposites(resourceType, here, own, parameters, types)
    search[resourceType] = own
    const primary = PRIMARY_DATES.find((code) => own[code]?.type === 'date')
    if (primary !== undefined) primaryDates[resourceType] = primary
  }
  return { search, primaryDates }
}

function appliesTo(parameter: Pick<SearchParameter, 'base'>, resourceType: string): boolean {
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
    const steps = stepsOf(part)
    const head = steps.shift()
    if (head === undefined) continue
    if (typeof head === 'string' && /^[a-z]/.test(head)) steps.unshift(head)
    else if (head !== resourceType && head !== 'Resource' && head !== 'DomainResource') continue
    const found = followSteps(steps, resourceType, types)
    if (found.length === 0) throw new Error(`${part} of ${resourceType}.${parameter.code} leads nowhere.`)
    for (const path of found) paths.push(path.type === 'Resource' ? ofTarget(path, parameter) : path)
  }
  return paths
}

/** A resource inside another (the first entry of a document Bundle) counts when it is of the parameter's target type. */
function ofTarget(path: SearchPath, { target }: SearchParameter): SearchPath {
  const [only] = target ?? []
  if (only === undefined || target?.length !== 1) throw new Error('A resource needs one target type.')
  return { steps: [...path.steps, { refersTo: only }], type: 'Resource' }
}
