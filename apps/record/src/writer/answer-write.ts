import { keepNumberTexts } from '@openward/fhir-client/exact-json'
import { parseBody } from '../fhir/json.ts'
import { invalidRequest, notFound } from '../fhir/outcome.ts'
import type { Store } from '../store/store.ts'
import { answerBundle } from './bundle-writes.ts'
import type { Answer, Interaction } from './interaction.ts'
import { patchOfBody, patchOne } from './patch.ts'
import { ReferenceResolver } from './resolve-references.ts'
import * as writes from './resource-writes.ts'

/** POST, PUT, PATCH and DELETE over HTTP. */
export function answerWrite(store: Store, request: Interaction): Answer {
  const { method, path, query } = request
  if (path.length === 0) return answerBundle(store, parseBody(request.body ?? ''), request)
  const type = writes.requireType(path[0])
  if (path.length > 2) throw notFound()
  const id = path.length === 2 ? writes.requireId(path[1]) : undefined
  if (id === undefined && query === '' && method !== 'POST')
    throw invalidRequest('This needs an id or criteria.')
  if (method === 'DELETE')
    return writes.deleteMatching(store, type, id ?? writes.idMatching(store, type, query), request)
  const resolver = new ReferenceResolver(store)
  if (method === 'PATCH') {
    const patch = patchOfBody(request.body ?? '')
    const target = id ?? writes.idMatching(store, type, query)
    if (target === undefined) throw notFound()
    return writes.answerOf(store, patchOne(store, type, target, patch, request, resolver), request)
  }
  const resource = resolver.resolve(parseBody(request.body ?? ''), type)
  if (method === 'POST') {
    return writes.answerOf(store, writes.create(store, type, resource, request), request)
  }
  if (id !== undefined)
    return writes.answerOf(store, writes.update(store, type, id, resource, request), request)
  const found = writes.idForConditionalUpdate(store, type, query, resource)
  const named = keepNumberTexts(resource, { ...resource, id: found })
  return writes.answerOf(store, writes.update(store, type, found, named, request), request)
}
