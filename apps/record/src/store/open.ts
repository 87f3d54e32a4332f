import { createHash } from 'node:crypto'
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { definitions, type SearchParam } from '../definitions/definitions.ts'
import { Database } from './database.ts'
import { APPLICATION_ID, inspect } from './inspect.ts'
import { nameLog } from './log.ts'
import { type FileLock, takeLock } from './lock.ts'
import { SCHEMA, SCHEMA_VERSION, STEPS } from './schema.ts'
import { explain, inUse, UnusableFile } from './unusable-file.ts'

/** What the log is cut back to once a checkpoint has emptied it. */
const WAL_KEPT_BYTES = 32 * 1024 * 1024

/** What a file knows of itself: `id`, by which its log is known to be its own, and how far indexing has come. */
const ABOUT = `
CREATE TABLE IF NOT EXISTS about (k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO about (k, v) VALUES ('id', lower(hex(randomblob(16))));
`

/** Number of a (type, parameter) pair in the index tables. */
export type ParameterNumbers = Map<string, Map<string, number>>

export interface OpenedForWriting {
  db: Database
  numbers: ParameterNumbers
  /** Types whose index rows were made by other definitions and must be made again. */
  staleTypes: string[]
}

/** How long a start waits for the process before it to end. */
const LOCK_WAIT_MS = 5000

/** Opens (and creates) the one file of an organisation, for one process at a time. Never changes a file that it refuses. */
export function openForWriting(file: string): OpenedForWriting {
  let lock: FileLock | undefined
  let db: Database | undefined
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    lock = takeLock(file, LOCK_WAIT_MS)
    if (lock === undefined) throw inUse(file)
    if (existsSync(file)) inspect(file)
    else create(file)
    chmodSync(file, 0o600)
    db = new Database(file, { readOnly: false }, lock)
    db.exec('PRAGMA journal_mode = WAL')
    db.exec(
      `PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456;
       PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = ${WAL_KEPT_BYTES}; PRAGMA wal_checkpoint(TRUNCATE)`,
    )
    db.exec('BEGIN IMMEDIATE')
    bringUpToDate(db)
    nameLog(db)
    const registered = registerParameters(db)
    db.exec('COMMIT')
    return { db, ...registered }
  } catch (error) {
    if (db === undefined) lock?.release()
    else db.close()
    throw explain(error, file)
  }
}

/** A new file appears whole: as `.new` first, and under its name when its tables are in it. */
function create(file: string): void {
  if (existsSync(`${file}-wal`)) {
    throw new UnusableFile(`The data file ${file} is missing, but its log ${file}-wal is there.`)
  }
  const fresh = `${file}.new`
  rmSync(fresh, { force: true })
  rmSync(`${fresh}-journal`, { force: true })
  closeSync(openSync(fresh, 'wx', 0o600))
  const db = new Database(fresh, { readOnly: false })
  try {
    db.exec('PRAGMA page_size = 8192; PRAGMA synchronous = FULL; BEGIN IMMEDIATE')
    bringUpToDate(db)
    db.exec('COMMIT')
  } finally {
    db.close()
  }
  renameSync(fresh, file)
  syncFolder(path.dirname(file))
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

export function openForReading(file: string): Database {
  const db = new Database(file, { readOnly: true })
  db.exec('PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 1073741824')
  return db
}

export function readParameterNumbers(db: Database): ParameterNumbers {
  const numbers: ParameterNumbers = new Map()
  for (const row of db.all<{ id: number; rt: string; code: string }>('SELECT id, rt, code FROM sp')) {
    const own = numbers.get(row.rt) ?? new Map<string, number>()
    own.set(row.code, row.id)
    numbers.set(row.rt, own)
  }
  return numbers
}

function bringUpToDate(db: Database): void {
  const version = db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
  if (version === 0) db.exec(SCHEMA)
  else for (let step = version + 1; step <= SCHEMA_VERSION; step++) db.exec(STEPS[step] ?? '')
  if (version !== SCHEMA_VERSION) db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  const application = db.get<{ application_id: number }>('PRAGMA application_id')?.application_id
  if (application !== APPLICATION_ID) db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  db.exec(ABOUT)
}

/** A parameter that is new or has changed counts as stale, also after a crash, until its type was indexed again. */
function registerParameters(db: Database): { numbers: ParameterNumbers; staleTypes: string[] } {
  const known = new Map<string, string>()
  for (const row of db.all<{ rt: string; code: string; hash: string }>('SELECT rt, code, hash FROM sp')) {
    known.set(`${row.rt}.${row.code}`, row.hash)
  }
  const isFirstStart = known.size === 0
  const stale = new Set<string>()
  for (const [rt, own] of Object.entries(definitions.search)) {
    for (const [code, param] of Object.entries(own)) {
      const hash = hashOf(param)
      const existing = known.get(`${rt}.${code}`)
      if (existing === hash) continue
      if (!isFirstStart) stale.add(rt)
      if (existing === undefined) {
        db.run('INSERT INTO sp (rt, code, hash) VALUES (?, ?, ?)', rt, code, isFirstStart ? hash : '')
      }
    }
  }
  const staleTypes = [...stale].filter((type) => {
    const hasAny = db.get('SELECT 1 FROM res WHERE rt = ? LIMIT 1', type) !== undefined
    if (!hasAny) markIndexed(db, type)
    return hasAny
  })
  return { numbers: readParameterNumbers(db), staleTypes }
}

/** To be called in the transaction that indexed the type again. */
export function markIndexed(db: Database, type: string): void {
  for (const [code, param] of Object.entries(definitions.search[type] ?? {})) {
    db.run('UPDATE sp SET hash = ? WHERE rt = ? AND code = ?', hashOf(param), type, code)
  }
}

/** Stands for the rules by which a type is indexed now. */
export function rulesOf(type: string): string {
  const all = JSON.stringify([SCHEMA_VERSION, definitions.search[type] ?? {}])
  return createHash('sha256').update(all).digest('base64url').slice(0, 16)
}

function hashOf(param: SearchParam): string {
  return createHash('sha256').update(JSON.stringify(param)).digest('base64url').slice(0, 16)
}
