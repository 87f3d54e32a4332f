import { keepNumberTexts } from '@openward/fhir-client/exact-json'
import { parseBody } from '../fhir/json.ts'
import { invalidRequest, notFound } from '../fhir/outcome.ts'
import type { Store } from '../store/store.ts'
import { answerBundle } from './bundle-writes.ts'
import type { Answer, Interaction } from './interaction.ts'
import { ReferenceResolver } from './resolve-references.ts'
import * as writes from './resource-writes.ts'

/** POST, PUT and DELETE over HTTP. */
export function answerWrite(store: Store, request: Interaction): Answer {
  const { method, path, query } = request
  if (path.length === 0) {
    if (method !== 'POST') throw notFound()
    return answerBundle(store, parseBody(request.body ?? ''), request)
  }
  const type = writes.requireType(path[0])
  if (path.length > 2) throw notFound()
  const id = path.length === 2 ? writes.requireId(path[1]) : undefined
  if (method === 'DELETE') {
    if (id !== undefined) return writes.deleteOne(store, type, id, request)
    if (query === '') throw invalidRequest('A conditional delete needs criteria.')
    return writes.deleteMatching(store, type, query)
  }
  const resource = new ReferenceResolver(store).resolve(parseBody(request.body ?? ''), type)
  if (method === 'POST') {
    if (id !== undefined) throw notFound()
    return writes.answerOf(store, writes.create(store, type, resource, request), request)
  }
  if (id !== undefined)
    return writes.answerOf(store, writes.update(store, type, id, resource, request), request)
  if (query === '') throw invalidRequest('An update needs an id or criteria.')
  const found = writes.idForConditionalUpdate(store, type, query, resource)
  return writes.answerOf(
    store,
    writes.update(store, type, found, keepNumberTexts(resource, { ...resource, id: found }), request),
    request,
  )
}
