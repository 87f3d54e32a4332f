import type { CodeSystem, CodeSystemConcept, ValueSet, ValueSetComposeInclude } from '@medplum/fhirtypes'
import type { CompactConcept, CompactInclude, Terminology } from '../src/definitions/terminology.ts'

/** Beyond this a code system is so large that only its own server should know it. */
const MAX_CONCEPTS = 5000

/** The standard's own code systems and value sets, for the bindings of uploaded profiles. */
export function compactTerminology(resources: (CodeSystem | ValueSet)[]): Terminology {
  const terminology: Terminology = { systems: {}, sets: {} }
  for (const resource of resources) {
    if (resource.url === undefined) continue
    if (resource.resourceType === 'CodeSystem') {
      if (resource.content !== 'complete' || countOf(resource.concept) > MAX_CONCEPTS) continue
      terminology.systems[resource.url] = (resource.concept ?? []).map(compactConcept)
    } else if (resource.compose !== undefined) {
      const include = resource.compose.include.map(compactInclude)
      const exclude = (resource.compose.exclude ?? []).map(compactInclude)
      terminology.sets[resource.url] = { include, ...(exclude.length === 0 ? {} : { exclude }) }
    }
  }
  return terminology
}

function countOf(concepts: CodeSystemConcept[] | undefined): number {
  return (concepts ?? []).reduce((sum, concept) => sum + 1 + countOf(concept.concept), 0)
}

function compactConcept({ code, concept }: CodeSystemConcept): CompactConcept {
  return concept === undefined ? code : [code, ...concept.map(compactConcept)]
}

function compactInclude({ system, concept, filter, valueSet }: ValueSetComposeInclude): CompactInclude {
  return {
    ...(system === undefined ? {} : { system }),
    ...(concept === undefined ? {} : { concept: concept.map(({ code }) => ({ code: code ?? '' })) }),
    ...(filter === undefined
      ? {}
      : {
          filter: filter.map(({ property, op, value }) => ({ property, op, value })),
        }),
    ...(valueSet === undefined ? {} : { valueSet }),
  }
}
