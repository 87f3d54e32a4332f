import { definitions } from '../definitions/definitions.ts'
import { MODIFIERS } from '../search/parse-filter.ts'

const OF_ALL_TYPES = [
  { name: '_id', type: 'token' },
  { name: '_lastUpdated', type: 'date' },
  { name: '_list', type: 'string' },
]

/** What can be searched in a type, as the search itself reads it from the definitions. */
export function searchCapability(type: string): object {
  const own = Object.entries(definitions.search[type] ?? {})
  const references = own.filter(([, param]) => param.type === 'reference')
  return {
    searchInclude: ['*', `${type}:*`, ...references.map(([code]) => `${type}:${code}`)],
    searchRevInclude: incoming().get(type) ?? [],
    searchParam: [...OF_ALL_TYPES, ...own.map(([name, param]) => ({ name, type: param.type }))],
  }
}

let incomingReferences: Map<string, string[]> | undefined

/** Type → the references that may lead to it, of every type. */
function incoming(): Map<string, string[]> {
  if (incomingReferences !== undefined) return incomingReferences
  const found = new Map<string, string[]>(definitions.resourceTypes.map((type) => [type, []]))
  for (const [source, own] of Object.entries(definitions.search)) {
    for (const [code, param] of Object.entries(own)) {
      if (param.type !== 'reference') continue
      for (const target of param.targets ?? definitions.resourceTypes)
        found.get(target)?.push(`${source}:${code}`)
    }
  }
  incomingReferences = found
  return found
}

/** What can be searched over all types, and within whom. */
export function systemSearchCapability(): object {
  const [first = '', ...others] = definitions.resourceTypes
  const shared = Object.entries(definitions.search[first] ?? {}).filter(([name, { type }]) =>
    others.every((other) => definitions.search[other]?.[name]?.type === type),
  )
  return {
    searchParam: [...OF_ALL_TYPES, ...shared.map(([name, { type }]) => ({ name, type }))],
    compartment: Object.keys(definitions.compartments).map(
      (name) => `http://hl7.org/fhir/CompartmentDefinition/${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    ),
  }
}

/** For people: what a CapabilityStatement has no elements for. */
export function searchDocumentation(): string {
  const modifiers = Object.entries(MODIFIERS)
    .filter(([, known]) => known.size > 0)
    .map(([type, known]) => `${type} ${[...known].map((name) => `:${name}`).join(' ')}`)
  return [
    `Modifiers: ${modifiers.join('; ')}; reference also :[type].`,
    'Chains and _has to three steps, _type over types, _sort by several parameters but composite and special ones,',
    '_count, _total, _summary, _elements, _include and _revinclude with :iterate.',
  ].join(' ')
}
