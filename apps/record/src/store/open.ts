import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { definitions, type SearchParam } from '../definitions/definitions.ts'
import { Database } from './database.ts'
import { SCHEMA, SCHEMA_VERSION, STEPS } from './schema.ts'

/** A data file that must not be used; the message is one sentence for the person who starts the server. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile'
}

/** Number of a (type, parameter) pair in the index tables. */
export type ParameterNumbers = Map<string, Map<string, number>>

export interface OpenedForWriting {
  db: Database
  numbers: ParameterNumbers
  /** Types whose index rows were made by other definitions and must be made again. */
  staleTypes: string[]
}

/** Opens (and creates) the one file of an organisation. Never changes a file that it refuses. */
export function openForWriting(file: string): OpenedForWriting {
  const isNew = !existsSync(file)
  try {
    if (isNew) mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    if (!isNew) inspect(file)
    const db = new Database(file, { readOnly: false })
    if (isNew) db.exec('PRAGMA page_size = 8192')
    db.exec('PRAGMA journal_mode = WAL')
    db.exec(
      'PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456',
    )
    db.exec('BEGIN IMMEDIATE')
    bringUpToDate(db)
    const registered = registerParameters(db)
    db.exec('COMMIT')
    return { db, ...registered }
  } catch (error) {
    throw explain(error, file)
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

function inspect(file: string): void {
  const db = new Database(file, { readOnly: true })
  try {
    const version = versionOf(db)
    if (version > SCHEMA_VERSION) {
      throw new UnusableFile(
        `The data file ${file} was written by a newer version of the record; it was left untouched.`,
      )
    }
    const check = wasLeftUnclean(file) ? db.get<{ quick_check: string }>('PRAGMA quick_check(1)') : undefined
    if (check !== undefined && check.quick_check !== 'ok')
      throw new UnusableFile(`The data file ${file} is damaged; it was left untouched.`)
    if (version === 0 && (db.get<{ n: number }>('SELECT count(*) AS n FROM sqlite_schema')?.n ?? 0) > 0) {
      throw new UnusableFile(`The data file ${file} is not a record of this server; it was left untouched.`)
    }
  } finally {
    db.close()
  }
}

/** A write-ahead log that is still there tells of a process that did not close the file. */
function wasLeftUnclean(file: string): boolean {
  return existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0
}

function bringUpToDate(db: Database): void {
  const version = versionOf(db)
  if (version === SCHEMA_VERSION) return
  if (version === 0) db.exec(SCHEMA)
  else for (let step = version + 1; step <= SCHEMA_VERSION; step++) db.exec(STEPS[step] ?? '')
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
}

function versionOf(db: Database): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0
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
  return { numbers: readParameterNumbers(db), staleTypes: [...stale] }
}

/** To be called in the transaction that indexed the type again. */
export function markIndexed(db: Database, type: string): void {
  for (const [code, param] of Object.entries(definitions.search[type] ?? {})) {
    db.run('UPDATE sp SET hash = ? WHERE rt = ? AND code = ?', hashOf(param), type, code)
  }
}

function hashOf(param: SearchParam): string {
  return createHash('sha256').update(JSON.stringify(param)).digest('base64url').slice(0, 16)
}

function explain(error: unknown, file: string): Error {
  if (error instanceof UnusableFile) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const text = error instanceof Error ? error.message : ''
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || /readonly|unable to open/.test(text)) {
    return new UnusableFile(`The data file ${file} cannot be written; check the permissions of its folder.`)
  }
  if (code === 'ENOSPC' || /disk is full/.test(text))
    return new UnusableFile(`The disk that holds ${file} is full.`)
  if (/not a database|malformed|disk image/.test(text)) {
    return new UnusableFile(`The data file ${file} is damaged; it was left untouched.`)
  }
  if (/locked/.test(text)) return new UnusableFile(`The data file ${file} is in use by another process.`)
  return new UnusableFile(`The data file ${file} cannot be opened (${text}).`)
}
