import type { Resource } from '@medplum/fhirtypes'
import { matchesComposite } from './composites.ts'
import { compositeOf, parameterOf, valuesOf, type OfficialParameter } from './definitions.ts'
import { localTarget, matches, prefixed, split } from './match.ts'
import { inOrder } from './order.ts'
import { matchesSpan, spanOf } from './time.ts'

/** Everything that is stored, in the order in which it was first written. */
export interface World {
  base: string
  byType: Map<string, Resource[]>
  byReference: Map<string, Resource>
}

export function worldOf(resources: Resource[], base: string): World {
  return {
    base,
    byType: Map.groupBy(resources, (resource) => resource.resourceType),
    byReference: new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource])),
  }
}

/** The ids that a search finds, in their order: a plain reading of https://hl7.org/fhir/R4/search.html. */
export function evaluate(world: World, query: string): string[] {
  const [type = '', criteria = ''] = query.split(/\?(.*)/s)
  const pairs = [...new URLSearchParams(criteria)]
  const sort = pairs.find(([name]) => name === '_sort')?.[1]
  const conditions = pairs.filter(([name]) => !['_sort', '_count', '_total'].includes(name))
  const found = (world.byType.get(type) ?? []).filter((resource) =>
    conditions.every(([name, value]) => satisfies(world, resource, name, value)),
  )
  return inOrder(found, sort, world.base).map((resource) => resource.id ?? '')
}

function satisfies(world: World, resource: Resource, name: string, raw: string): boolean {
  if (name.startsWith('_has:')) return isReferredTo(world, resource, name, raw)
  const dot = name.indexOf('.')
  if (dot > 0) return leadsTo(world, resource, name.slice(0, dot), name.slice(dot + 1), raw)
  const values = split(raw, ',')
  if (name === '_id') return values.includes(resource.id ?? '')
  if (name === '_lastUpdated') return values.some((value) => isUpdated(resource, value))
  const [code = '', modifier] = name.split(':')
  if (compositeOf(resource.resourceType, code) !== undefined)
    return values.some((value) => matchesComposite(resource, code, value, world.base))
  const parameter = requireParameter(resource.resourceType, code)
  const found = valuesOf(resource, parameter)
  if (modifier === 'missing') return (found.length === 0) === (raw === 'true')
  const isNegated = modifier === 'not'
  const isAny = values.some((value) =>
    found.some((one) => matches(parameter, one, isNegated ? undefined : modifier, value, world.base)),
  )
  return isNegated ? !isAny : isAny
}

function requireParameter(type: string, code: string): OfficialParameter {
  const parameter = parameterOf(type, code)
  if (parameter === undefined) throw new Error(`${type} has no search parameter ${code}`)
  return parameter
}

function isUpdated(resource: Resource, value: string): boolean {
  const [prefix, rest] = prefixed(value)
  const [target, asked] = [spanOf(resource.meta?.lastUpdated ?? ''), spanOf(rest)]
  return target !== undefined && asked !== undefined && matchesSpan(prefix, asked, target)
}

/** `subject:Patient.name`: some reference leads to a stored resource that satisfies the rest. */
function leadsTo(world: World, resource: Resource, head: string, rest: string, raw: string): boolean {
  const [code = '', onlyType] = head.split(':')
  const parameter = requireParameter(resource.resourceType, code)
  return valuesOf(resource, parameter)
    .flatMap((one) => targetsOf(world, one))
    .some((other) => {
      if (onlyType !== undefined && other.resourceType !== onlyType) return false
      if (
        onlyType === undefined &&
        parameter.targets.length > 0 &&
        !parameter.targets.includes(other.resourceType)
      )
        return false
      return knows(other.resourceType, rest) && satisfies(world, other, rest, raw)
    })
}

/** An untyped chain asks only those targets that have the parameter. */
function knows(type: string, name: string): boolean {
  const code = name.split(/[.:]/)[0] ?? ''
  return (
    name.startsWith('_has:') ||
    ['_id', '_lastUpdated'].includes(code) ||
    parameterOf(type, code) !== undefined ||
    compositeOf(type, code) !== undefined
  )
}

/** `_has:Observation:patient:code`: some Observation refers to the resource and satisfies the rest. */
function isReferredTo(world: World, resource: Resource, name: string, raw: string): boolean {
  const [, type = '', code = '', ...rest] = name.split(':')
  const parameter = requireParameter(type, code)
  return (world.byType.get(type) ?? []).some(
    (other) =>
      valuesOf(other, parameter).some((one) => targetsOf(world, one).includes(resource)) &&
      satisfies(world, other, rest.join(':'), raw),
  )
}

/** What a reference leads to: the resource of that id, or by a canonical those that say the URL (and version) is theirs. */
function targetsOf(world: World, found: ReturnType<typeof valuesOf>[number]): Resource[] {
  const local = localTarget(found, world.base)
  if (local !== undefined) return [world.byReference.get(`${local.type}/${local.id}`) ?? []].flat()
  if (typeof found.value !== 'string') return []
  const [url, version = ''] = found.value.split(/\|(.*)/s)
  return [...world.byReference.values()].filter(
    (other) =>
      parameterOf(other.resourceType, 'url') !== undefined &&
      'url' in other &&
      other.url === url &&
      (version === '' ||
        (parameterOf(other.resourceType, 'version') !== undefined &&
          'version' in other &&
          other.version === version)),
  )
}
