import { keepNumberTexts } from '@openward/fhir-client/exact-json'
import { answerGet } from '../http/read.ts'
import type { JsonObject } from '../fhir/json.ts'
import { invalidRequest, notFound, Refusal } from '../fhir/outcome.ts'
import type { Store } from '../store/store.ts'
import { BundleBudget } from './bundle-budget.ts'
import { readEntry, type Entry } from './entries.ts'
import type { Answer, Interaction } from './interaction.ts'
import { responseBundle } from './bundle-response.ts'
import { patchOfResource, patchOne } from './patch.ts'
import { hasConditionalReference, ReferenceResolver } from './resolve-references.ts'
import * as writes from './resource-writes.ts'
import { newId } from './write.ts'

const MAX_ENTRIES = 20_000
const ORDER: Record<string, number> = { DELETE: 0, POST: 1, PUT: 2, PATCH: 2, GET: 3, HEAD: 3 }

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
  /** Undefined when criteria select nothing to delete. */
  id: string | undefined
  /** Set when If-None-Exist found the resource: nothing will be written. */
  existing?: Answer
  /** What was asked for and not there, so that the entry makes it. */
  unmatched?: string
}

function runTransaction(store: Store, list: unknown[], outer: Interaction): Answer[] {
  const entries = list.map((value, at) => readEntry(value, at, outer, store.base))
  const targets = new Map<Entry, Target>()
  const budget = new BundleBudget()
  for (const entry of entries) {
    const target = inEntry(entry, () => {
      budget.requireTime()
      return targetOf(store, entry)
    })
    if (target !== undefined) targets.set(entry, target)
  }
  const known = namesOf(targets)
  requireApart(targets)
  const resolver = new ReferenceResolver(store, known)
  const answers: Answer[] = []
  for (const entry of inOrder(entries)) {
    answers[entry.at] = inEntry(entry, () => {
      budget.requireTime()
      return budget.spend(runEntry(store, entry, targets.get(entry), resolver))
    })
  }
  requireOneEach(store, targets)
  return answers
}

/** The full URLs of entries and what they become. */
function namesOf(targets: Map<Entry, Target>): Map<string, string> {
  const known = new Map<string, string>()
  for (const [{ at, fullUrl, interaction }, { type, id }] of targets) {
    if (fullUrl === undefined || id === undefined || interaction.method === 'DELETE') continue
    if (known.has(fullUrl))
      throw invalidRequest('Two entries have one fullUrl.', `Bundle.entry[${at}].fullUrl`)
    known.set(fullUrl, `${type}/${id}`)
  }
  return known
}

/** No resource may be changed by two entries, found by a condition and deleted, or made twice by one condition. */
function requireApart(targets: Map<Entry, Target>): void {
  const changed = new Set<string>()
  const deleted = new Set<string>()
  const conditions = new Set<string>()
  for (const [{ at, interaction }, { type, id, existing, unmatched }] of targets) {
    const place = `Bundle.entry[${at}]`
    const key = `${type}/${id}`
    if (id !== undefined && existing === undefined) {
      if (changed.has(key)) throw invalidRequest('The transaction changes one resource twice.', place)
      changed.add(key)
      if (interaction.method === 'DELETE') deleted.add(key)
    }
    if (unmatched === undefined) continue
    const condition = `${type}?${[...new URLSearchParams(unmatched)]
      .map((pair) => pair.join('='))
      .toSorted()
      .join('&')}`
    if (conditions.has(condition))
      throw invalidRequest('Two entries of the transaction have the same condition.', place)
    conditions.add(condition)
  }
  for (const [{ at }, { type, id, existing }] of targets) {
    if (existing !== undefined && deleted.has(`${type}/${id}`))
      throw invalidRequest('The transaction deletes what this condition finds.', `Bundle.entry[${at}]`)
  }
}

/** What was to be made once must be there once, also when another entry made something that its condition selects. */
function requireOneEach(store: Store, targets: Map<Entry, Target>): void {
  for (const [entry, { type, unmatched }] of targets) {
    if (unmatched !== undefined) inEntry(entry, () => writes.idMatching(store, type, unmatched))
  }
}

function runBatch(store: Store, list: unknown[], outer: Interaction): Answer[] {
  const budget = new BundleBudget()
  return list.map((value, at) => {
    store.db.run('SAVEPOINT entry')
    try {
      budget.requireTime()
      const entry = readEntry(value, at, outer, store.base)
      const answer = budget.spend(
        runEntry(store, entry, targetOf(store, entry), new ReferenceResolver(store)),
      )
      store.db.run('RELEASE entry')
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
    return (ORDER[entry.interaction.method] ?? 0) + late
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
  if (path.length > (method === 'POST' ? 1 : 2)) throw notFound()
  if (method === 'POST') {
    if (ifNoneExist === undefined) return { type, id: newId() }
    const existing = writes.findExisting(store, type, ifNoneExist)
    if (existing === undefined) return { type, id: newId(), unmatched: ifNoneExist.replace(/^\?/, '') }
    return { type, id: existing.id, existing: writes.answerOf(store, existing, entry.interaction) }
  }
  if (path.length === 2) return { type, id: writes.requireId(path[1]) }
  const found = writes.idMatching(store, type, query)
  if (method === 'DELETE') return { type, id: found }
  if (method === 'PATCH') {
    if (found === undefined) throw notFound()
    return { type, id: found }
  }
  const resource = writes.requireResource(entry.resource, 'resource')
  const id = writes.idForConditionalUpdate(store, type, query, resource)
  return found === undefined ? { type, id, unmatched: query } : { type, id }
}

function runEntry(
  store: Store,
  entry: Entry,
  target: Target | undefined,
  resolver: ReferenceResolver,
): Answer {
  const { interaction } = entry
  if (target === undefined) return answerGet(store, interaction)
  if (target.existing !== undefined) return target.existing
  const { type, id } = target
  if (interaction.method === 'DELETE') return writes.deleteMatching(store, type, id, interaction)
  if (id === undefined) throw notFound()
  const sent = writes.requireResource(entry.resource, 'resource')
  if (interaction.method === 'PATCH') {
    const patched = patchOne(store, type, id, patchOfResource(sent), interaction, resolver)
    return writes.answerOf(store, patched, interaction)
  }
  const resource = resolver.resolve(sent, 'resource', entry.fullUrl)
  if (interaction.method === 'POST') {
    const conditions = { ...interaction, ifNoneExist: undefined }
    return writes.answerOf(store, writes.create(store, type, resource, conditions, id), interaction)
  }
  const named = interaction.path.length === 2 ? resource : keepNumberTexts(resource, { ...resource, id })
  return writes.answerOf(store, writes.update(store, type, id, named, interaction), interaction)
}
