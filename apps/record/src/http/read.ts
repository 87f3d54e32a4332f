import { Refusal, notFound } from '../fhir/outcome.ts'
import { searchAt } from '../search/search.ts'
import { findResource, findVersion, type Store } from '../store/store.ts'
import { requireId, requireType } from '../writer/resource-writes.ts'
import type { Answer, Interaction } from '../writer/interaction.ts'
import { historyBundle } from './history.ts'

/** GET: read, vread, history and search; the same for HTTP and for entries of a bundle. */
export function answerGet(store: Store, request: Interaction): Answer {
  const [first, id, history, version, ...rest] = request.path
  if (rest.length > 0) throw notFound()
  const pairs = [...new URLSearchParams(request.query)]
  const found = searchAt(store, request.path, pairs, request.isLenient)
  if (found !== undefined) return { status: 200, body: found }
  if (first === '_history') return { status: 200, body: historyBundle(store, {}, pairs) }
  const type = requireType(first)
  if (id === undefined) throw notFound()
  if (id === '_history') return { status: 200, body: historyBundle(store, { type }, pairs) }
  if (id.startsWith('$') || (history !== undefined && history !== '_history')) {
    throw new Refusal(404, 'not-supported', 'There is no such operation.')
  }
  if (history === undefined) return read(store, type, requireId(id), request)
  if (version === undefined)
    return { status: 200, body: historyBundle(store, { type, id: requireId(id) }, pairs) }
  return readVersion(store, type, requireId(id), version)
}

function read(store: Store, type: string, id: string, request: Interaction): Answer {
  const found = findResource(store, type, id)
  if (found === undefined) throw notFound()
  if (found.isDeleted) throw new Refusal(410, 'deleted', 'The resource was deleted.')
  const etag = `W/"${found.version}"`
  const isKnown = request.ifNoneMatch
    ?.split(',')
    .some((tag) => tag.trim() === etag || tag.trim() === `"${found.version}"`)
  if (isKnown === true) return { status: 304, body: '', etag, lastModifiedMs: found.updatedMs }
  return { status: 200, body: found.body, etag, lastModifiedMs: found.updatedMs }
}

function readVersion(store: Store, type: string, id: string, version: string): Answer {
  if (!/^[1-9]\d{0,9}$/.test(version)) throw notFound()
  const found = findVersion(store, type, id, Number(version))
  if (found === undefined) throw notFound()
  if (found.method === 'DELETE')
    throw new Refusal(410, 'deleted', 'The resource was deleted with this version.')
  return { status: 200, body: found.body, etag: `W/"${found.version}"`, lastModifiedMs: found.updatedMs }
}
