import { keepNumberTexts } from '@openward/fhir-client/exact-json'
import { answerGet } from '../http/read.ts'
import type { JsonObject } from '../fhir/json.ts'
import { invalidRequest, notFound, Refusal } from '../fhir/outcome.ts'
import type { Store } from '../store/store.ts'
import { readEntry, type Entry } from './entries.ts'
import type { Answer, Interaction } from './interaction.ts'
import { hasConditionalReference, ReferenceResolver } from './resolve-references.ts'
import * as writes from './resource-writes.ts'
import { newId } from './write.ts'

const MAX_ENTRIES = 20_000
const ORDER = ['DELETE', 'POST', 'PUT', 'GET', 'HEAD']

/** POST to the base: a batch (each entry for itself) or a transaction (all or nothing). */
export function answerBundle(store: Store, bundle: JsonObject, outer: Interaction): Answer {
  if (bundle['resourceType'] !== 'Bundle') throw invalidRequest('The body must be a Bundle.', 'resourceType')
  const type = bundle['type']
  const list = bundle['entry'] ?? []
  if (!Array.isArray(list)) throw invalidRequest('Bundle.entry must be an array.', 'Bundle.entry')
  if (list.length > MAX_ENTRIES)
    throw new Refusal(413, 'too-costly', `A bundle may have at most ${MAX_ENTRIES} entries.`)
  if (type !== 'transaction' && type !== 'batch') {
    throw invalidRequest('Bundle.type must be batch or transaction.', 'Bundle.type')
  }
  const answers = type === 'transaction' ? runTransaction(store, list, outer) : runBatch(store, list, outer)
  return { status: 200, body: responseBundle(`${type}-response`, answers, outer) }
}

interface Target {
  type: string
  id: string
  /** Set when If-None-Exist found the resource: nothing will be written. */
  existing?: Answer
}

function runTransaction(store: Store, list: unknown[], outer: Interaction): Answer[] {
  const entries = list.map((value, at) => readEntry(value, at, outer, store.base))
  const known = new Map<string, string>()
  const targets = new Map<Entry, Target>()
  const written = new Set<string>()
  const conditions = new Set<string>()
  for (const entry of entries) {
    const target = inEntry(entry, () => targetOf(store, entry))
    if (target === undefined) continue
    targets.set(entry, target)
    requireOnce(entry, target, conditions)
    const key = `${target.type}/${target.id}`
    if (target.existing === undefined && written.has(key)) {
      throw invalidRequest('The transaction changes one resource twice.', `Bundle.entry[${entry.at}]`)
    }
    if (target.existing === undefined) written.add(key)
    if (entry.fullUrl !== undefined && entry.interaction.method !== 'DELETE') {
      if (known.has(entry.fullUrl))
        throw invalidRequest('Two entries have one fullUrl.', `Bundle.entry[${entry.at}].fullUrl`)
      known.set(entry.fullUrl, key)
    }
  }
  const resolver = new ReferenceResolver(store, known)
  const answers: Answer[] = []
  for (const entry of inOrder(entries)) {
    answers[entry.at] = inEntry(entry, () => runEntry(store, entry, targets.get(entry), resolver))
  }
  return answers
}

/** Two entries with one condition would each find nothing and make the resource twice. */
function requireOnce(entry: Entry, target: Target, conditions: Set<string>): void {
  const { method, path, query, ifNoneExist } = entry.interaction
  const criteria = method === 'PUT' && path.length === 1 ? query : ifNoneExist
  if (criteria === undefined || target.existing !== undefined) return
  const key = `${target.type}?${criteria}`
  if (conditions.has(key)) {
    throw invalidRequest(
      'Two entries of the transaction have the same condition.',
      `Bundle.entry[${entry.at}]`,
    )
  }
  conditions.add(key)
}

function runBatch(store: Store, list: unknown[], outer: Interaction): Answer[] {
  return list.map((value, at) => {
    store.db.exec('SAVEPOINT entry')
    try {
      const entry = readEntry(value, at, outer, store.base)
      const answer = runEntry(store, entry, targetOf(store, entry), new ReferenceResolver(store))
      store.db.exec('RELEASE entry')
      return answer
    } catch (error) {
      store.db.exec('ROLLBACK TO entry; RELEASE entry')
      if (error instanceof Refusal) return writes.refusalAnswer(error)
      throw error
    }
  })
}

/** Deletes, then creates, updates and reads; resources that search for others come after those that may be found. */
function inOrder(entries: Entry[]): Entry[] {
  const rank = (entry: Entry) => {
    const late = entry.resource !== undefined && hasConditionalReference(entry.resource) ? 0.5 : 0
    return ORDER.indexOf(entry.interaction.method) + late
  }
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || a.entry.at - b.entry.at)
    .map(({ entry }) => entry)
}

function inEntry<T>(entry: Entry, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof Refusal) throw error.within(`Bundle.entry[${entry.at}]`)
    throw error
  }
}

/** Which resource a writing entry is about; undefined for reads. */
function targetOf(store: Store, entry: Entry): Target | undefined {
  const { method, path, query, ifNoneExist } = entry.interaction
  if (method === 'GET' || method === 'HEAD') return undefined
  const type = writes.requireType(path[0])
  if (method === 'POST') {
    if (path.length !== 1) throw notFound()
    if (ifNoneExist === undefined) return { type, id: newId() }
    const existing = writes.findExisting(store, type, ifNoneExist)
    if (existing === undefined) return { type, id: newId() }
    return { type, id: existing.id, existing: writes.answerOf(store, existing, entry.interaction) }
  }
  if (path.length === 2) return { type, id: writes.requireId(path[1]) }
  if (path.length !== 1 || query === '') throw notFound()
  if (method === 'PUT') {
    return {
      type,
      id: writes.idForConditionalUpdate(
        store,
        type,
        query,
        writes.requireResource(entry.resource, 'resource'),
      ),
    }
  }
  return undefined
}

function runEntry(
  store: Store,
  entry: Entry,
  target: Target | undefined,
  resolver: ReferenceResolver,
): Answer {
  const { interaction } = entry
  const { method, path, query } = interaction
  if (method === 'GET' || method === 'HEAD') return answerGet(store, interaction)
  if (target?.existing !== undefined) return target.existing
  const type = target?.type ?? writes.requireType(path[0])
  if (method === 'DELETE') {
    return target === undefined
      ? writes.deleteMatching(store, type, query)
      : writes.deleteOne(store, type, target.id, interaction)
  }
  const resource = resolver.resolve(writes.requireResource(entry.resource, 'resource'), 'resource')
  const id = target?.id ?? newId()
  if (method === 'POST') {
    const conditions = { ...interaction, ifNoneExist: undefined }
    return writes.answerOf(store, writes.create(store, type, resource, conditions, id), interaction)
  }
  const named = path.length === 2 ? resource : keepNumberTexts(resource, { ...resource, id })
  return writes.answerOf(store, writes.update(store, type, id, named, interaction), interaction)
}

const STATUS_TEXT: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  304: 'Not Modified',
}

function responseBundle(type: string, answers: Answer[], outer: Interaction): string {
  const entries = answers.map((answer) => {
    const response: Record<string, unknown> = {
      status: `${answer.status} ${STATUS_TEXT[answer.status] ?? ''}`.trim(),
    }
    if (answer.location !== undefined) response['location'] = answer.location
    if (answer.etag !== undefined) response['etag'] = answer.etag
    if (answer.lastModifiedMs !== undefined)
      response['lastModified'] = new Date(answer.lastModifiedMs).toISOString()
    if (answer.status >= 400) response['outcome'] = JSON.parse(answer.body)
    const isRead = answer.location === undefined
    const withBody = answer.body !== '' && answer.status < 400 && (isRead || outer.prefersRepresentation)
    return `{${withBody ? `"resource":${answer.body},` : ''}"response":${JSON.stringify(response)}}`
  })
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`
  return `{"resourceType":"Bundle","type":"${type}"${entry}}`
}
