import { definitions, isResourceType } from '../../definitions/definitions.ts'

const CORE = 'http://hl7.org/fhir/StructureDefinition/'
export const ANY_RESOURCE: ReadonlySet<string> = new Set(['Resource', 'DomainResource'])

export function isCoreType(name: string): boolean {
  return isResourceType(name) || ANY_RESOURCE.has(name) || Object.hasOwn(definitions.types, name)
}

/** The type that a canonical of the standard itself names. */
export function coreTypeOf(canonical: string): string | undefined {
  const url = canonical.split('|')[0] ?? ''
  const name = url.startsWith(CORE) ? url.slice(CORE.length) : ''
  return isCoreType(name) ? name : undefined
}
