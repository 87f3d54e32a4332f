import type { CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes'

/** Expands the value sets of required bindings; undefined when a set cannot be listed (filters, external systems). */
export function makeValueSetExpander(
  resources: (CodeSystem | ValueSet)[],
): (url: string) => string[] | undefined {
  const systems = new Map<string, CodeSystem>()
  const sets = new Map<string, ValueSet>()
  for (const resource of resources) {
    if (resource.url === undefined) continue
    if (resource.resourceType === 'CodeSystem') systems.set(resource.url, resource)
    else if (resource.resourceType === 'ValueSet') sets.set(resource.url, resource)
  }
  return function expand(url: string, depth = 0): string[] | undefined {
    const set = sets.get(url.split('|')[0] ?? url)
    if (set?.compose === undefined || set.compose.exclude !== undefined || depth > 5) return undefined
    const all = new Set<string>()
    for (const include of set.compose.include) {
      if (include.filter !== undefined) return undefined
      if (include.valueSet !== undefined) {
        for (const inner of include.valueSet) {
          const expanded = expand(inner, depth + 1)
          if (expanded === undefined) return undefined
          for (const code of expanded) all.add(code)
        }
        continue
      }
      if (include.concept !== undefined) {
        for (const concept of include.concept) all.add(concept.code ?? '')
        continue
      }
      const system = systems.get(include.system ?? '')
      if (system?.concept === undefined || system.content !== 'complete') return undefined
      collect(system.concept, all)
    }
    return [...all].sort()
  }
}

function collect(concepts: CodeSystemConcept[], into: Set<string>): void {
  for (const concept of concepts) {
    if (concept.code !== undefined) into.add(concept.code)
    if (concept.concept !== undefined) collect(concept.concept, into)
  }
}
