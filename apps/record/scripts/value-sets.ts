import type { CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes'

/** Code system → its codes in a value set. */
export type ListedCodes = Record<string, string[]>

/** Expands the value sets of required bindings; undefined when a set cannot be listed (filters, external systems). */
export function makeValueSetExpander(
  resources: (CodeSystem | ValueSet)[],
): (url: string) => ListedCodes | undefined {
  const systems = new Map<string, CodeSystem>()
  const sets = new Map<string, ValueSet>()
  for (const resource of resources) {
    if (resource.url === undefined) continue
    if (resource.resourceType === 'CodeSystem') systems.set(resource.url, resource)
    else if (resource.resourceType === 'ValueSet') sets.set(resource.url, resource)
  }
  return (url) => {
    const all = new Map<string, Set<string>>()
    if (!expandInto(url, all, 0)) return undefined
    const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(sorted.map(([system, codes]) => [system, [...codes].sort()]))
  }

  function expandInto(url: string, all: Map<string, Set<string>>, depth: number): boolean {
    const set = sets.get(url.split('|')[0] ?? url)
    if (set?.compose === undefined || set.compose.exclude !== undefined || depth > 5) return false
    for (const include of set.compose.include) {
      if (include.filter !== undefined) return false
      if (include.valueSet !== undefined) {
        if (!include.valueSet.every((inner) => expandInto(inner, all, depth + 1))) return false
        continue
      }
      const name = include.system ?? ''
      const codes = all.get(name) ?? new Set<string>()
      all.set(name, codes)
      if (include.concept !== undefined) {
        for (const concept of include.concept) codes.add(concept.code ?? '')
        continue
      }
      const system = systems.get(name)
      if (system?.concept === undefined || system.content !== 'complete') return false
      collect(system.concept, codes)
    }
    return true
  }
}

function collect(concepts: CodeSystemConcept[], into: Set<string>): void {
  for (const concept of concepts) {
    if (concept.code !== undefined) into.add(concept.code)
    if (concept.concept !== undefined) collect(concept.concept, into)
  }
}
