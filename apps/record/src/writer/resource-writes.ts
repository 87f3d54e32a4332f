import { isResourceType } from '../definitions/definitions.ts'
import { isObject, type JsonObject } from '../fhir/json.ts'
import { invalidRequest, informationJson, notFound, outcomeJson, Refusal } from '../fhir/outcome.ts'
import { ID_PATTERN } from '../fhir/references.ts'
import { findIds } from '../search/search.ts'
import { findResource, type Store } from '../store/store.ts'
import { requireValid } from '../validation/validate.ts'
import type { Answer, Interaction } from './interaction.ts'
import { requireMatch, requireNoneMatch, type Preconditions } from './preconditions.ts'
import { newId, put, remove, type Written } from './write.ts'

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

/** POST Type: `id` is a new one. With If-None-Exist, one match is answered with what is there and several are refused. */
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
  requireValid(resource, store)
  return put(store, type, id, resource, 'none')
}

export function findExisting(store: Store, type: string, criteria: string): Written | undefined {
  const id = idMatching(store, type, criteria.replace(/^\?/, ''))
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
  requireMatch(conditions, current)
  requireNoneMatch(conditions, current)
  requireValid(resource, store)
  return put(store, type, id, resource, existing ?? 'none')
}

/** PUT Type?criteria: the resource to update, or a new id when nothing matches. */
export function idForConditionalUpdate(
  store: Store,
  type: string,
  criteria: string,
  resource: JsonObject,
): string {
  const id = idMatching(store, type, criteria)
  const given = resource['id']
  if (id !== undefined && given !== undefined && given !== id) {
    throw invalidRequest('The id in the body is not the id of the resource that matches.', 'id')
  }
  return id ?? (typeof given === 'string' ? requireId(given) : newId())
}

/** The one resource that criteria select; undefined when there is none, refused when there are several. */
export function idMatching(store: Store, type: string, criteria: string): string | undefined {
  if (criteria === '') throw invalidRequest('A conditional interaction needs criteria.')
  const [id, ...more] = findIds(store, type, criteria, 2)
  if (more.length > 0) throw new Refusal(412, 'multiple-matches', 'Several resources match the condition.')
  return id
}

/** DELETE Type/id. Deleting what is gone already is no error; a stale If-Match is. */
function deleteOne(store: Store, type: string, id: string, interaction: Interaction): Answer {
  const existing = findResource(store, type, id)
  if (existing === undefined || existing.isDeleted) {
    if (interaction.ifMatch !== undefined && existing === undefined) throw notFound()
    const etag = existing === undefined ? {} : { etag: `W/"${existing.version}"` }
    return { ...deleted(interaction, 'There was nothing to delete.'), ...etag }
  }
  requireMatch(interaction, existing.version)
  const version = remove(store, type, id, existing)
  return { ...deleted(interaction, 'The resource was deleted.'), etag: `W/"${version}"` }
}

export function deleteMatching(
  store: Store,
  type: string,
  id: string | undefined,
  interaction: Interaction,
): Answer {
  return id === undefined
    ? deleted(interaction, 'There was nothing to delete.')
    : deleteOne(store, type, id, interaction)
}

function deleted(interaction: Interaction, text: string): Answer {
  return interaction.prefers === 'OperationOutcome'
    ? { status: 200, body: informationJson(text) }
    : { status: 204, body: '' }
}

export function answerOf(store: Store, written: Written, interaction: Pick<Interaction, 'prefers'>): Answer {
  return {
    status: written.outcome === 'created' ? 201 : 200,
    body: bodyOf(written, interaction),
    etag: `W/"${written.version}"`,
    lastModifiedMs: written.updatedMs,
    location: `${store.base}/${written.type}/${written.id}/_history/${written.version}`,
  }
}

const OUTCOMES = {
  created: 'The resource was created.',
  updated: 'The resource was updated.',
  unchanged: 'The resource is as it was.',
}

function bodyOf({ body, outcome }: Written, { prefers }: Pick<Interaction, 'prefers'>): string {
  if (prefers === 'minimal') return ''
  return prefers === 'OperationOutcome' ? informationJson(OUTCOMES[outcome]) : body
}

export function refusalAnswer(refusal: Refusal): Answer {
  return { status: refusal.status, body: outcomeJson(refusal.issues), headers: refusal.headers }
}

export function requireResource(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw invalidRequest('A resource is required.', path)
  return value as JsonObject
}
