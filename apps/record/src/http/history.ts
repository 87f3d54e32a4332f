import { rangeOfDate } from '../fhir/dates.ts'
import { invalidRequest, notFound } from '../fhir/outcome.ts'
import type { SqlValue } from '../store/database.ts'
import { findResource, findVersion, type Store } from '../store/store.ts'

interface Scope {
  type?: string
  id?: string
}

interface ChangeRow {
  seq: number
  rt: string
  id: string
  ver: number
  upd: number
  method: string
}

const DEFAULT_COUNT = 100
const MAX_COUNT = 1000

/** What happened, newest first, to one resource, a type or everything. */
export function historyBundle(store: Store, scope: Scope, pairs: [string, string][]): string {
  if (
    scope.type !== undefined &&
    scope.id !== undefined &&
    findResource(store, scope.type, scope.id) === undefined
  )
    throw notFound()
  const conditions: string[] = []
  const args: SqlValue[] = []
  let count = DEFAULT_COUNT
  if (scope.type !== undefined) add('rt = ?', scope.type)
  if (scope.id !== undefined) add('id = ?', scope.id)
  const used = new URLSearchParams()
  for (const [name, value] of pairs) {
    if (name === '_count' && /^[1-9]\d{0,6}$/.test(value)) count = Math.min(Number(value), MAX_COUNT)
    else if (name === '_since') add('upd >= ?', momentOf(value))
    else if (name === '_before' && /^\d{1,15}$/.test(value)) add('seq < ?', Number(value))
    else if (name !== '_format')
      throw invalidRequest(
        `The parameter "${name.slice(0, 80)}" is not supported for history.`,
        name.slice(0, 80),
      )
    if (name !== '_before') used.append(name, value)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const rows = store.db.all<ChangeRow>(
    `SELECT seq, rt, id, ver, upd, method FROM chg ${where} ORDER BY seq DESC LIMIT ?`,
    ...args,
    count + 1,
  )
  const hasMore = rows.length > count
  if (hasMore) rows.pop()
  const path = [store.base, scope.type, scope.id, '_history'].filter((part) => part !== undefined).join('/')
  const link = (before?: number) => {
    const query = new URLSearchParams([
      ...used,
      ...(before === undefined ? [] : [['_before', String(before)]]),
    ]).toString()
    return `${path}${query === '' ? '' : `?${query}`}`
  }
  const links = [{ relation: 'self', url: link() }]
  if (hasMore) links.push({ relation: 'next', url: link(rows.at(-1)?.seq) })
  const entries = rows.map((row) => entryOf(store, row))
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`
  return `{"resourceType":"Bundle","type":"history","link":${JSON.stringify(links)}${entry}}`

  function add(condition: string, value: SqlValue): void {
    conditions.push(condition)
    args.push(value)
  }
}

function entryOf(store: Store, row: ChangeRow): string {
  const request = { method: row.method, url: row.method === 'POST' ? row.rt : `${row.rt}/${row.id}` }
  const response = {
    status: row.method === 'POST' ? '201' : row.method === 'PUT' ? '200' : '204',
    etag: `W/"${row.ver}"`,
    lastModified: new Date(row.upd).toISOString(),
  }
  const body = row.method === 'DELETE' ? '' : (findVersion(store, row.rt, row.id, row.ver)?.body ?? '')
  const resource = body === '' ? '' : `"resource":${body},`
  return `{"fullUrl":"${store.base}/${row.rt}/${row.id}",${resource}"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`
}

function momentOf(text: string): number {
  const range = rangeOfDate(text.replace(' ', '+'))
  if (range === undefined) throw invalidRequest('_since must be a date with a time.', '_since')
  return range.lo
}
