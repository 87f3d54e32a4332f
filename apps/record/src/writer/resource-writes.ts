import { isResourceType } from '../definitions/definitions.ts'
import { isObject, type JsonObject } from '../fhir/json.ts'
import { invalidRequest, notFound, outcomeJson, Refusal } from '../fhir/outcome.ts'
import { ID_PATTERN } from '../fhir/references.ts'
import { findIds } from '../search/search.ts'
import { findResource, type Store } from '../store/store.ts'
import { requireValid } from '../validation/validate.ts'
import type { Answer, Interaction } from './interaction.ts'
import { newId, put, remove, type Written } from './write.ts'

type Preconditions = Pick<Interaction, 'ifMatch' | 'ifNoneMatch' | 'ifNoneExist'>

export function requireType(type: string | undefined): string {
  if (!isResourceType(type)) throw new Refusal(404, 'not-supported', 'There is no such resource type.')
  return type
}

function requireBodyOfType(resource: JsonObject, type: string): void {
  if (resource['resourceType'] !== type) throw invalidRequest(`The body must be a ${type}.`, 'resourceType')
}

export function requireId(id: string | undefined): string {
  if (id === undefined || !ID_PATTERN.test(id))
    throw invalidRequest('The id may only have letters, digits, "-" and "." (at most 64).', 'id')
  return id
}

/** POST Type. With If-None-Exist, one match is answered with what is there and several are refused. */
export function create(
  store: Store,
  type: string,
  resource: JsonObject,
  conditions: Preconditions,
  id = newId(),
): Written {
  requireBodyOfType(resource, type)
  if (conditions.ifNoneExist !== undefined) {
    const existing = findExisting(store, type, conditions.ifNoneExist)
    if (existing !== undefined) return existing
  }
  requireValid(resource)
  return put(store, type, id, resource)
}

export function findExisting(store: Store, type: string, criteria: string): Written | undefined {
  const [id, ...more] = findIds(store, type, criteria.startsWith('?') ? criteria.slice(1) : criteria, 2)
  if (more.length > 0) throw new Refusal(412, 'multiple-matches', 'Several resources match the condition.')
  const found = id === undefined ? undefined : findResource(store, type, id)
  if (id === undefined || found === undefined) return undefined
  return {
    type,
    id,
    version: found.version,
    updatedMs: found.updatedMs,
    body: found.body,
    outcome: 'unchanged',
  }
}

/** PUT Type/id, creating it when it is not there. */
export function update(
  store: Store,
  type: string,
  id: string,
  resource: JsonObject,
  conditions: Preconditions,
): Written {
  requireBodyOfType(resource, type)
  if (resource['id'] !== id) throw invalidRequest('The id in the body must be the id in the URL.', 'id')
  const existing = findResource(store, type, id)
  const current = existing === undefined || existing.isDeleted ? undefined : existing.version
  requireMatch(conditions.ifMatch, current)
  if (conditions.ifNoneMatch === '*' && current !== undefined) {
    throw new Refusal(412, 'conflict', 'The resource exists already.')
  }
  requireValid(resource)
  return put(store, type, id, resource, existing)
}

/** PUT Type?criteria: the resource to update, or a new id when nothing matches. */
export function idForConditionalUpdate(
  store: Store,
  type: string,
  criteria: string,
  resource: JsonObject,
): string {
  const [id, ...more] = findIds(store, type, criteria, 2)
  if (more.length > 0) throw new Refusal(412, 'multiple-matches', 'Several resources match the condition.')
  const given = resource['id']
  if (id !== undefined && given !== undefined && given !== id) {
    throw invalidRequest('The id in the body is not the id of the resource that matches.', 'id')
  }
  return id ?? (typeof given === 'string' ? requireId(given) : newId())
}

/** DELETE Type/id. Deleting what is gone already is no error; a stale If-Match is. */
export function deleteOne(store: Store, type: string, id: string, conditions: Preconditions): Answer {
  const existing = findResource(store, type, id)
  if (existing === undefined) {
    if (conditions.ifMatch !== undefined) throw notFound()
    return { status: 204, body: '' }
  }
  if (existing.isDeleted) return { status: 204, body: '', etag: `W/"${existing.version}"` }
  requireMatch(conditions.ifMatch, existing.version)
  return { status: 204, body: '', etag: `W/"${remove(store, type, id, existing)}"` }
}

export function deleteMatching(store: Store, type: string, criteria: string): Answer {
  const [id, ...more] = findIds(store, type, criteria, 2)
  if (more.length > 0) throw new Refusal(412, 'multiple-matches', 'Several resources match the condition.')
  return id === undefined ? { status: 204, body: '' } : deleteOne(store, type, id, NO_CONDITIONS)
}

const NO_CONDITIONS: Preconditions = {
  ifMatch: undefined,
  ifNoneMatch: undefined,
  ifNoneExist: undefined,
}

function requireMatch(ifMatch: string | undefined, version: number | undefined): void {
  if (ifMatch === undefined) return
  const wanted = /^(?:W\/)?"([^"]*)"$/.exec(ifMatch.trim())?.[1]
  if (wanted === undefined) throw invalidRequest('If-Match must be an ETag such as W/"3".', 'ifMatch')
  if (version === undefined || String(version) !== wanted) {
    throw new Refusal(
      412,
      'conflict',
      'The resource has changed: its version is not the one given in If-Match.',
    )
  }
}

export function answerOf(
  store: Store,
  written: Written,
  interaction: Pick<Interaction, 'prefersMinimal'>,
): Answer {
  return {
    status: written.outcome === 'created' ? 201 : 200,
    body: interaction.prefersMinimal ? '' : written.body,
    etag: `W/"${written.version}"`,
    lastModifiedMs: written.updatedMs,
    location: `${store.base}/${written.type}/${written.id}/_history/${written.version}`,
  }
}

export function refusalAnswer(refusal: Refusal): Answer {
  return { status: refusal.status, body: outcomeJson(refusal.issues) }
}

export function requireResource(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw invalidRequest('A resource is required.', path)
  return value as JsonObject
}
