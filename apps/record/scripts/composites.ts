import type { SearchParameter } from '@medplum/fhirtypes'
import type {
  Composite,
  ParameterType,
  PathStep,
  SearchParam,
  SearchPath,
  TypeRule,
} from '../src/definitions/definitions.ts'
import { resolvePath } from './resolve-path.ts'

/** What `src/parameters/composite.ts` can keep in one row after the first value, which is always a token. */
const ROW_SHAPES = new Set(['quantity', 'token', 'reference', 'number,number'])

/** Adds the composite parameters of a type to its plain ones, which their components are. */
export function compileComposites(
  resourceType: string,
  here: SearchParameter[],
  own: Record<string, SearchParam>,
  all: SearchParameter[],
  types: Record<string, TypeRule>,
): void {
  /** Elements → the parameter that keeps their rows: parameters that look at the same ones share them. */
  const keepers = new Map<string, string>()
  const codes = here.filter((parameter) => parameter.type === 'composite')
  for (const parameter of codes.toSorted((a, b) => placesOf(a).length - placesOf(b).length)) {
    const components = (parameter.component ?? []).map(({ definition, expression }) => {
      const code = all.find((one) => one.url === definition)?.code ?? ''
      return componentOf(code, expression ?? '', parameter, resourceType, own, types)
    })
    const composite: Composite = {
      components: components.map(({ code, type }) => ({ code, type })),
      parts: [],
    }
    for (const place of placesOf(parameter)) {
      const steps = stepsTo(place, resourceType, types)
      if (steps === undefined) continue
      const values = components.map((component) => valuesOf(component, steps, resourceType, types))
      if (!repeats(steps, resourceType, types)) {
        composite.parts.push({
          params: values.map((paths, at) => plainFor(paths, components[at]?.type, own)),
        })
        continue
      }
      requireRows(parameter, components)
      const inside = values.map((paths, at) =>
        isOfResource(components[at]?.expression)
          ? { paths, ofResource: true as const }
          : { paths: paths.map((path) => ({ ...path, steps: path.steps.slice(steps.length) })) },
      )
      const elements = { steps, values: inside }
      const keeper = keepers.get(JSON.stringify(elements))
      if (keeper === undefined) {
        if (composite.elements !== undefined) throw new Error(`${parameter.code} repeats in two places.`)
        composite.elements = elements
        keepers.set(JSON.stringify(elements), parameter.code)
      }
      composite.parts.push({ rows: keeper ?? parameter.code })
    }
    if (composite.parts.length === 0) throw new Error(`${resourceType}.${parameter.code} has no place.`)
    own[parameter.code] = { type: 'composite', paths: [], composite }
  }
}

/** The component's own parameter, or (as two definitions of DocumentReference are swapped) the one that indexes its path. */
function componentOf(
  code: string,
  expression: string,
  parameter: SearchParameter,
  resourceType: string,
  own: Record<string, SearchParam>,
  types: Record<string, TypeRule>,
): { code: string; type: ParameterType; plain: SearchParam; expression: string } {
  const paths = placesOf(parameter).flatMap((place) => {
    const steps = stepsTo(place, resourceType, types)
    return steps === undefined ? [] : fullPaths(expression, steps, resourceType, types)
  })
  const wanted = new Set(paths.map((path) => JSON.stringify(path)))
  const isIndexedBy = (param: SearchParam | undefined) =>
    param?.paths.some((path) => wanted.has(JSON.stringify(path))) === true
  const found = isIndexedBy(own[code]) ? code : Object.keys(own).find((other) => isIndexedBy(own[other]))
  const plain = found === undefined ? undefined : own[found]
  if (found === undefined || plain === undefined)
    throw new Error(`${resourceType}.${parameter.code} has no component for ${expression}.`)
  return { code: found, type: plain.type, plain, expression }
}

function placesOf(parameter: SearchParameter): string[] {
  return (parameter.expression ?? '').split('|').map((place) => place.trim())
}

/** The steps from the resource to the element; undefined when the place is in another type. */
function stepsTo(
  place: string,
  resourceType: string,
  types: Record<string, TypeRule>,
): PathStep[] | undefined {
  const [head, ...rest] = place.split('.')
  if (head !== resourceType) return undefined
  if (rest.length === 0) return []
  const [only, ...more] = resolvePath(rest.join('.'), resourceType, types)
  if (only === undefined || more.length > 0) throw new Error(`${place} is not one element.`)
  return only.steps
}

function isOfResource(expression: string | undefined): boolean {
  return expression?.startsWith('%resource.') === true
}

/** Where a component's values are, from the resource, as far as its parameter indexes them. */
function valuesOf(
  component: { expression: string; plain: SearchParam },
  steps: PathStep[],
  resourceType: string,
  types: Record<string, TypeRule>,
): SearchPath[] {
  const known = new Set(component.plain.paths.map((path) => JSON.stringify(path)))
  const indexed = fullPaths(component.expression, steps, resourceType, types).filter((path) =>
    known.has(JSON.stringify(path)),
  )
  if (indexed.length === 0) throw new Error(`${component.expression} leads nowhere in ${resourceType}.`)
  return indexed
}

function fullPaths(
  expression: string,
  steps: PathStep[],
  resourceType: string,
  types: Record<string, TypeRule>,
): SearchPath[] {
  const prefix = isOfResource(expression) ? '' : steps.map((step) => `${String(step)}.`).join('')
  return expression
    .split('|')
    .flatMap((part) => resolvePath(prefix + part.trim().replace('%resource.', ''), resourceType, types))
}

function repeats(steps: PathStep[], resourceType: string, types: Record<string, TypeRule>): boolean {
  let current = resourceType
  for (const step of steps) {
    const element = types[current]?.elements[String(step)]
    if (element?.array === true) return true
    current = element?.type ?? current
  }
  return false
}

/** The narrowest parameter of the type that indexes these paths: asked together, such parameters are the composite. */
function plainFor(paths: SearchPath[], type: string | undefined, own: Record<string, SearchParam>): string {
  const wanted = paths.map((path) => JSON.stringify(path))
  const [best] = Object.entries(own)
    .filter(([, param]) => param.type === type)
    .filter(([, param]) => {
      const has = new Set(param.paths.map((path) => JSON.stringify(path)))
      return wanted.every((path) => has.has(path))
    })
    .toSorted(([, a], [, b]) => a.paths.length - b.paths.length)
  if (best === undefined) throw new Error(`No parameter indexes ${wanted.join(' and ')}.`)
  return best[0]
}

function requireRows(parameter: SearchParameter, components: { type: string }[]): void {
  const [first, ...rest] = components.map(({ type }) => type)
  if (first !== 'token' || !ROW_SHAPES.has(rest.join()))
    throw new Error(`The rows of ${parameter.code} cannot hold ${first}, ${rest.join()}.`)
}
