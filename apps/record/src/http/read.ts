import { Refusal, invalidRequest, notFound } from '../fhir/outcome.ts'
import { parseSearch } from '../search/parse.ts'
import { projection } from '../search/project.ts'
import { searchAt } from '../search/search.ts'
import {
  findResource,
  findVersion,
  type Store,
  type StoredResource,
  type StoredVersion,
} from '../store/store.ts'
import { requireId, requireType } from '../writer/resource-writes.ts'
import { isNamed } from '../writer/preconditions.ts'
import type { Answer, Interaction } from '../writer/interaction.ts'
import { historyBundle } from './history.ts'

/** GET: read, vread, history and search; the same for HTTP and for entries of a bundle. */
export function answerGet(store: Store, request: Interaction): Answer {
  const [first, id, history, version, ...rest] = request.path
  if (rest.length > 0) throw notFound()
  const pairs = [...new URLSearchParams(request.query)]
  const found = searchAt(store, request.path, pairs, request.isLenient)
  if (found !== undefined) return { status: 200, body: found }
  if (first === '_history' && id === undefined) return { status: 200, body: historyBundle(store, {}, pairs) }
  const type = requireType(first)
  if (id === undefined) throw notFound()
  if (id === '_history' && history === undefined)
    return { status: 200, body: historyBundle(store, { type }, pairs) }
  if (id.startsWith('$') || (history !== undefined && history !== '_history')) {
    throw new Refusal(404, 'not-supported', 'There is no such operation.')
  }
  if (history !== undefined && version === undefined)
    return { status: 200, body: historyBundle(store, { type, id: requireId(id) }, pairs) }
  const cut = pairs.length === 0 ? undefined : cutBy(type, pairs, request.isLenient)
  const answer =
    version === undefined
      ? read(store, type, requireId(id), request)
      : readVersion(store, type, requireId(id), version)
  return cut === undefined || answer.body === '' ? answer : { ...answer, body: cut(answer.body, type) }
}

const CUTS = new Set(['_summary', '_elements'])
const FORMATS = new Set(['_format', '_pretty'])

/** How a read is asked to cut the resource down. */
function cutBy(type: string, pairs: [string, string][], isLenient: boolean): ReturnType<typeof projection> {
  const other = pairs.find(([name]) => !CUTS.has(name) && !FORMATS.has(name))?.[0].slice(0, 80)
  if (other !== undefined && !isLenient)
    throw invalidRequest(`The parameter "${other}" is not supported for a read.`, other)
  const cuts = pairs.filter(([name]) => CUTS.has(name))
  const request = parseSearch({ type, path: type, compartment: undefined }, cuts, false)
  if (request.isCountOnly) throw invalidRequest('_summary=count is for searches.', '_summary')
  return projection(request)
}

function read(store: Store, type: string, id: string, request: Interaction): Answer {
  const found = findResource(store, type, id)
  if (found === undefined) throw notFound()
  if (found.isDeleted) throw new Refusal(410, 'deleted', 'The resource was deleted.')
  return isKnown(found, request) ? { ...versionOf(found), status: 304, body: '' } : versionOf(found)
}

function versionOf({ version, updatedMs, body }: StoredVersion | StoredResource): Answer {
  return { status: 200, body, etag: `W/"${version}"`, lastModifiedMs: updatedMs }
}

/** Does the client have this version already? If-Modified-Since counts only without If-None-Match. */
function isKnown({ version, updatedMs }: StoredResource, request: Interaction): boolean {
  if (request.ifNoneMatch !== undefined) return isNamed(request.ifNoneMatch, version)
  const since = request.ifModifiedSince === undefined ? Number.NaN : Date.parse(request.ifModifiedSince)
  return Math.floor(updatedMs / 1000) * 1000 <= since
}

function readVersion(store: Store, type: string, id: string, version: string): Answer {
  if (!/^[1-9]\d{0,9}$/.test(version)) throw notFound()
  const found = findVersion(store, type, id, Number(version))
  if (found === undefined) throw notFound()
  if (found.method === 'DELETE')
    throw new Refusal(410, 'deleted', 'The resource was deleted with this version.')
  return versionOf(found)
}
