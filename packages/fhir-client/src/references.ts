import type { Reference, Resource, ResourceType } from '@medplum/fhirtypes'

const RELATIVE = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/

/** Type and id of a relative literal reference such as `Patient/1`, or undefined for anything else. */
export function parseReference(
  reference: string | undefined,
): { type: ResourceType; id: string } | undefined {
  const match = RELATIVE.exec(reference ?? '')
  return match ? { type: match[1] as ResourceType, id: match[2] as string } : undefined
}

/** The id behind a reference of this type, or undefined. */
export function referencedId(reference: Reference | undefined, type: ResourceType): string | undefined {
  const parsed = parseReference(reference?.reference)
  return parsed?.type === type ? parsed.id : undefined
}

/** A literal reference to a stored resource. */
export function referenceTo(
  resource: Resource & { id: string },
  display?: string,
): Reference & { reference: string } {
  return { reference: `${resource.resourceType}/${resource.id}`, ...(display ? { display } : {}) }
}
