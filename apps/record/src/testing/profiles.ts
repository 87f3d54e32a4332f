import type { JsonObject } from '../fhir/json.ts'
import { Refusal } from '../fhir/outcome.ts'
import { findResource } from '../store/store.ts'
import { update } from '../writer/resource-writes.ts'
import { remove as removeStored } from '../writer/write.ts'
import type { TestStore } from './store.ts'

export const OWN = 'https://profiles.example/'

/** A profile by its differential; each element is `path` or `id` and what it says. */
export function profileOf(
  id: string,
  type: string,
  elements: [string, object][],
  more: object = {},
): JsonObject {
  return {
    resourceType: 'StructureDefinition',
    id,
    url: `${OWN}${id}`,
    name: id.replaceAll('-', '_'),
    status: 'active',
    kind: /^[A-Z]/.test(type) && type !== 'Extension' ? 'resource' : 'complex-type',
    abstract: false,
    type,
    baseDefinition: `http://hl7.org/fhir/StructureDefinition/${type}`,
    derivation: 'constraint',
    ...(type === 'Extension' ? { context: [{ type: 'element', expression: 'Element' }] } : {}),
    differential: {
      element: elements.map(([elementId, says]) => ({
        id: elementId,
        path: elementId.replace(/:[^.]+/g, ''),
        ...says,
      })),
    },
    ...more,
  } as JsonObject
}

const NO_CONDITIONS = { ifMatch: undefined, ifNoneMatch: undefined, ifNoneExist: undefined }

export function remove(record: TestStore, type: string, id: string): void {
  const stored = findResource(record.store, type, id)
  if (stored !== undefined) removeStored(record.store, type, id, stored)
}

/** Writes as a client does; undefined when it was stored, else `expression text` of each issue. */
export function save(record: TestStore, resource: object): string[] | undefined {
  const json = JSON.parse(JSON.stringify({ id: 'x', ...resource })) as JsonObject
  try {
    update(record.store, String(json['resourceType']), String(json['id']), json, NO_CONDITIONS)
    return undefined
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.issues.map((issue) => `${issue.expression?.[0]} ${issue.details.text}`)
  }
}
