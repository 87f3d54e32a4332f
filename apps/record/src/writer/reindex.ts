import type { JsonObject } from '../fhir/json.ts'
import { extract } from '../parameters/extract.ts'
import type { Database } from '../store/database.ts'
import type { Log } from '../store/log.ts'
import { markIndexed, rulesOf } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import { INDEX_TABLES, insertRows } from './index-writes.ts'

/** What one transaction takes on, so that the log stays small and an interruption loses little. */
const ROWS_DELETED_AT_ONCE = 20_000
const RESOURCES_AT_ONCE = 2000

/**
 * Makes the index rows of a whole type again, after its search parameters or the tables changed. It is done in steps, each
 * a transaction that also keeps how far it came: begun again after a crash, it goes on from there.
 */
export function reindex(
  store: Store,
  log: Log,
  type: string,
  onProgress: (done: number, of: number) => void = () => {},
): void {
  const { db } = store
  const inTransaction: InTransaction = (run) => {
    db.exec('BEGIN IMMEDIATE')
    const result = run()
    log.beforeCommit()
    db.exec('COMMIT')
    log.afterCommit()
    return result
  }
  const total = db.get<{ n: number }>('SELECT count(*) AS n FROM res WHERE rt = ? AND del = 0', type)?.n ?? 0
  let cursor = readCursor(db, type)
  if (cursor === undefined) {
    clear(store, type, inTransaction)
    cursor = { pk: 0, done: 0 }
  }
  while (cursor !== undefined) {
    const from: Cursor = cursor
    cursor = inTransaction(() => indexSome(store, type, from))
    if (cursor !== undefined) onProgress(cursor.done, total)
  }
}

type InTransaction = <T>(run: () => T) => T

interface Cursor {
  /** The last resource that is indexed. */
  pk: number
  done: number
}

/** Undefined when the type is finished. */
function indexSome(store: Store, type: string, { pk, done }: Cursor): Cursor | undefined {
  const { db } = store
  const rows = db.all<{ pk: number; body: string }>(
    'SELECT pk, body FROM res WHERE rt = ? AND del = 0 AND pk > ? ORDER BY pk LIMIT ?',
    type,
    pk,
    RESOURCES_AT_ONCE,
  )
  for (const row of rows) {
    insertRows(store, row.pk, extract(JSON.parse(row.body) as JsonObject, type, store.numbers, store.base))
  }
  const last = rows.at(-1)
  if (last === undefined || rows.length < RESOURCES_AT_ONCE) {
    markIndexed(db, type)
    db.run('DELETE FROM about WHERE k = ?', keyOf(type))
    return undefined
  }
  const next = { pk: last.pk, done: done + rows.length }
  writeCursor(db, type, next)
  return next
}

function clear(store: Store, type: string, inTransaction: InTransaction): void {
  const { db } = store
  const numbers = [...(store.numbers.get(type)?.values() ?? [])]
  const own = JSON.stringify(numbers.flatMap((p) => [p, -p]))
  for (const table of INDEX_TABLES) {
    deleteInSteps(
      inTransaction,
      db,
      table,
      `SELECT * FROM ${table} WHERE p IN (SELECT value FROM json_each(?))`,
      own,
    )
  }
  deleteInSteps(
    inTransaction,
    db,
    'busy',
    'SELECT busy.* FROM busy JOIN res ON res.pk = busy.r WHERE res.rt = ?',
    type,
  )
  inTransaction(() => writeCursor(db, type, { pk: 0, done: 0 }))
}

/** `table` and `rows` are words of this file, never of a request. */
function deleteInSteps(
  inTransaction: InTransaction,
  db: Database,
  table: string,
  rows: string,
  arg: string,
): void {
  const key = db
    .all<{ name: string }>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk', table)
    .map(({ name }) => name)
    .join(', ')
  const sql = `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM (${rows} LIMIT ${ROWS_DELETED_AT_ONCE}))`
  while (inTransaction(() => db.run(sql, arg).changes === ROWS_DELETED_AT_ONCE));
}

function keyOf(type: string): string {
  return `index ${type}`
}

/** Undefined when nothing was begun, or by other rules than those of now. */
function readCursor(db: Database, type: string): Cursor | undefined {
  const kept = db.get<{ v: string }>('SELECT v FROM about WHERE k = ?', keyOf(type))?.v.split(' ')
  return kept?.[0] === rulesOf(type) ? { pk: Number(kept[1]), done: Number(kept[2]) } : undefined
}

function writeCursor(db: Database, type: string, { pk, done }: Cursor): void {
  db.run('INSERT OR REPLACE INTO about (k, v) VALUES (?, ?)', keyOf(type), `${rulesOf(type)} ${pk} ${done}`)
}
