import { applyPatch, PatchRefusal } from '@openward/fhir-client/json-patch'
import { isObject, parseBody, parseJsonBody, requireShallow, type JsonObject } from '../fhir/json.ts'
import { invalidRequest, notFound, Refusal } from '../fhir/outcome.ts'
import { findResource, type Store } from '../store/store.ts'
import { requireValid } from '../validation/validate.ts'
import { applyFhirPathPatch } from './fhirpath-patch.ts'
import type { ReferenceResolver } from './resolve-references.ts'
import { requireMatch, type Preconditions } from './preconditions.ts'
import { put, type Written } from './write.ts'

const JSON_PATCH = 'application/json-patch+json'

/** What a PATCH sends: a list of JSON Patch steps, or the Parameters of a FHIRPath Patch. */
export type Patch = { steps: unknown } | { parameters: JsonObject }

/** The patch in a body over HTTP. */
export function patchOfBody(body: string): Patch {
  const value = parseJsonBody(body)
  return Array.isArray(value) ? { steps: value } : patchOfParameters(value)
}

/** The patch in an entry of a bundle: a Binary that holds a JSON Patch, or Parameters. */
export function patchOfResource(resource: JsonObject): Patch {
  if (resource['resourceType'] !== 'Binary') return patchOfParameters(resource)
  const { contentType, data } = resource
  if (contentType !== JSON_PATCH || typeof data !== 'string')
    throw invalidRequest(
      `A Binary that patches holds data of the type ${JSON_PATCH}.`,
      'resource.contentType',
    )
  return { steps: parseJsonBody(Buffer.from(data, 'base64').toString('utf8')) }
}

function patchOfParameters(value: unknown): Patch {
  if (!isObject(value) || value['resourceType'] !== 'Parameters')
    throw invalidRequest('A patch is a list of JSON Patch operations, or the Parameters of a FHIRPath Patch.')
  return { parameters: value }
}

/** PATCH Type/id: the next version, made from the current one. */
export function patchOne(
  store: Store,
  type: string,
  id: string,
  patch: Patch,
  conditions: Preconditions,
  resolver: ReferenceResolver,
): Written {
  const existing = findResource(store, type, id)
  if (existing === undefined) throw notFound()
  if (existing.isDeleted) throw new Refusal(410, 'deleted', 'The resource was deleted.')
  requireMatch(conditions, existing.version)
  const stored = parseBody(existing.body)
  const patched = resolver.resolve(applied(stored, patch), type)
  requireShallow(patched)
  requireSameIdentity(stored, patched)
  requireValid(patched, store)
  return put(store, type, id, patched, existing)
}

function applied(stored: JsonObject, patch: Patch): JsonObject {
  if ('parameters' in patch) return applyFhirPathPatch(stored, patch.parameters)
  try {
    return applyPatch(stored, patch.steps)
  } catch (error) {
    if (!(error instanceof PatchRefusal)) throw error
    throw new Refusal(error.status, error.code, `${error.message}.`, error.expression)
  }
}

function requireSameIdentity(stored: JsonObject, patched: JsonObject): void {
  const was = stored['meta'] as JsonObject
  const is = patched['meta']
  const isSameMeta =
    is === undefined ||
    (isObject(is) &&
      [was['versionId'], undefined].includes(is['versionId']) &&
      [was['lastUpdated'], undefined].includes(is['lastUpdated']))
  if (patched['resourceType'] !== stored['resourceType'] || patched['id'] !== stored['id'] || !isSameMeta)
    throw new Refusal(
      422,
      'business-rule',
      'Type, id and version of a resource are never changed by a patch.',
    )
}
