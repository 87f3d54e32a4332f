import { randomUUID } from 'node:crypto'
import { keepNumberTexts } from '@openward/fhir-client/exact-json'
import { extract } from '../parameters/extract.ts'
import type { JsonObject } from '../fhir/json.ts'
import { Refusal } from '../fhir/outcome.ts'
import { findResource, type Store, type StoredResource } from '../store/store.ts'
import { deleteRows, insertRows } from './index-writes.ts'
import { rowChanges } from './row-changes.ts'

export interface Written {
  type: string
  id: string
  version: number
  updatedMs: number
  body: string
  outcome: 'created' | 'updated' | 'unchanged'
}

/** Evidence of what was done: written once. */
export const WRITTEN_ONCE = new Set(['AuditEvent', 'Provenance'])

function requireChangeable(type: string): void {
  if (!WRITTEN_ONCE.has(type)) return
  const refusal = new Refusal(
    405,
    'business-rule',
    `${type} is written once: it is never changed or deleted.`,
  )
  refusal.headers['allow'] = 'GET, HEAD, POST'
  throw refusal
}

/** `lastUpdated` never runs backwards, so that the order of the change feed is the order of time. */
let lastMs = 0

export function startClock(store: Store): void {
  lastMs = store.db.get<{ ms: number | null }>('SELECT upd AS ms FROM chg ORDER BY seq DESC LIMIT 1')?.ms ?? 0
}

function now(): number {
  lastMs = Math.max(Date.now(), lastMs)
  return lastMs
}

/** A UUID that begins with the time (version 7): new resources lie side by side in the indexes, not all over them. */
export function newId(): string {
  const ms = Date.now().toString(16).padStart(12, '0')
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${randomUUID().slice(15)}`
}

/**
 * Stores a validated resource as the next version of `type/id`; the same content again makes no version. `existing` is
 * what is there, when that is known.
 */
export function put(
  store: Store,
  type: string,
  id: string,
  resource: JsonObject,
  existing: StoredResource | 'none' | undefined = findResource(store, type, id),
): Written {
  const old = existing === 'none' ? undefined : existing
  if (
    old !== undefined &&
    !old.isDeleted &&
    serialise(resource, id, old.version, old.updatedMs) === old.body
  ) {
    return { type, id, version: old.version, updatedMs: old.updatedMs, body: old.body, outcome: 'unchanged' }
  }
  if (old !== undefined) requireChangeable(type)
  const updatedMs = now()
  const version = (old?.version ?? 0) + 1
  const body = serialise(resource, id, version, updatedMs)
  const stamped: JsonObject = { ...resource, id }
  const fresh = extract(stamped, type, store.numbers, store.base)
  let pk: number
  if (old === undefined) {
    const inserted = store.db.run(
      'INSERT INTO res (rt, id, ver, upd, del, body) VALUES (?, ?, ?, ?, 0, ?)',
      type,
      id,
      version,
      updatedMs,
      body,
    )
    pk = Number(inserted.lastInsertRowid)
    insertRows(store, pk, fresh)
  } else {
    pk = old.pk
    keepVersion(store, type, id, old)
    store.db.run(
      'UPDATE res SET ver = ?, upd = ?, del = 0, body = ? WHERE pk = ?',
      version,
      updatedMs,
      body,
      pk,
    )
    if (old.isDeleted) insertRows(store, pk, fresh)
    else {
      const { gone, come } = rowChanges(extract(stored(old.body), type, store.numbers, store.base), fresh)
      deleteRows(store, pk, gone)
      insertRows(store, pk, come)
    }
  }
  const isNew = old === undefined || old.isDeleted
  logChange(store, type, id, version, updatedMs, isNew ? 'POST' : 'PUT', fresh.patients)
  return { type, id, version, updatedMs, body, outcome: isNew ? 'created' : 'updated' }
}

export function remove(store: Store, type: string, id: string, old: StoredResource): number {
  requireChangeable(type)
  const updatedMs = now()
  const version = old.version + 1
  const extracted = extract(stored(old.body), type, store.numbers, store.base)
  keepVersion(store, type, id, old)
  store.db.run("UPDATE res SET ver = ?, upd = ?, del = 1, body = '' WHERE pk = ?", version, updatedMs, old.pk)
  deleteRows(store, old.pk, extracted)
  logChange(store, type, id, version, updatedMs, 'DELETE', extracted.patients)
  return version
}

/** A stored body, to be read only: its numbers are not kept as they are written. */
function stored(body: string): JsonObject {
  return JSON.parse(body) as JsonObject
}

function serialise(resource: JsonObject, id: string, version: number, updatedMs: number): string {
  const { resourceType, id: _id, meta, ...rest } = resource
  const stamped = {
    ...(typeof meta === 'object' && !Array.isArray(meta) ? meta : {}),
    versionId: String(version),
    lastUpdated: new Date(updatedMs).toISOString(),
  }
  return JSON.stringify(keepNumberTexts(resource, { resourceType, id, meta: stamped, ...rest }))
}

function keepVersion(store: Store, type: string, id: string, old: StoredResource): void {
  store.db.run(
    'INSERT INTO hist (rt, id, ver, upd, method, body) VALUES (?, ?, ?, ?, ?, ?)',
    type,
    id,
    old.version,
    old.updatedMs,
    old.isDeleted ? 'DELETE' : 'PUT',
    old.body,
  )
}

function logChange(
  store: Store,
  type: string,
  id: string,
  version: number,
  ms: number,
  method: string,
  patients: string[],
): void {
  store.db.run(
    'INSERT INTO chg (rt, id, ver, upd, method, patients) VALUES (?, ?, ?, ?, ?, ?)',
    type,
    id,
    version,
    ms,
    method,
    patients.join(','),
  )
}
