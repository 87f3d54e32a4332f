import type { CodeableConcept, Extension, Resource } from '@medplum/fhirtypes'

/** Marks a resource as test data. @see https://terminology.hl7.org/CodeSystem-v3-ActReason.html */
const TEST_TAG = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  code: 'HTEST',
  display: 'test health data',
} as const

/** The resource with the tag that says that nothing in it is about a real person. */
export function asTestData<T extends Resource>(resource: T): T {
  const { resourceType, id, meta, ...rest } = resource
  return { resourceType, id, meta: { ...meta, tag: [TEST_TAG] }, ...rest } as unknown as T
}

export function refer(type: string, id: string, display?: string): { reference: string; display?: string } {
  return { reference: `${type}/${id}`, ...(display === undefined ? {} : { display }) }
}

export function concept(system: string, code: string, text: string): CodeableConcept {
  return { coding: [{ system, code, display: text }], text }
}

const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation'

/** The `translation` extension for a string that is stored in English. */
export function inSpanish(content: string): { extension: Extension[] } {
  return {
    extension: [
      {
        url: TRANSLATION,
        extension: [
          { url: 'lang', valueCode: 'es' },
          { url: 'content', valueString: content },
        ],
      },
    ],
  }
}
