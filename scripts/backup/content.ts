import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

import { Failure } from '../system/failure.ts'
import type { Content } from './format.ts'

const VERSIONS = `SELECT rt, id, ver, body FROM res UNION ALL SELECT rt, id, ver, body FROM hist ORDER BY rt, id, ver`

function numberOf(db: DatabaseSync, sql: string): number {
  return Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0)
}

/** What a record holds, read whole. Throws when its history has a gap or a body is not what a record stores. */
export function readContent(db: DatabaseSync, onProgress: (versions: number) => void = () => {}): Content {
  const resources: Record<string, number> = {}
  for (const row of db
    .prepare('SELECT rt, count(*) AS n FROM res WHERE del = 0 GROUP BY rt ORDER BY rt')
    .all())
    resources[String(row['rt'])] = Number(row['n'])
  const hash = createHash('sha256')
  let versions = 0
  let before = { key: '', version: 0 }
  for (const row of db.prepare(VERSIONS).iterate()) {
    const key = `${String(row['rt'])}/${String(row['id'])}`
    const version = Number(row['ver'])
    if (version !== (key === before.key ? before.version + 1 : 1)) throw new Failure('The history has a gap.')
    before = { key, version }
    const body = String(row['body'])
    if (body !== '') JSON.parse(body)
    hash.update(`${key}/${version}\n${body}\n`)
    versions += 1
    if (versions % 10_000 === 0) onProgress(versions)
  }
  const lastSeq = numberOf(db, 'SELECT max(seq) FROM chg')
  const changes = numberOf(db, 'SELECT count(*) FROM chg')
  if (changes !== lastSeq || changes !== versions) throw new Failure('The change feed has a gap.')
  return {
    schemaVersion: numberOf(db, 'PRAGMA user_version'),
    resources,
    deleted: numberOf(db, 'SELECT count(*) FROM res WHERE del = 1'),
    versions,
    lastSeq,
    bodiesSha256: hash.digest('hex'),
  }
}

/** Reads a record file that nobody writes to, whole: pages, indexes, history, bodies. */
export function checkFile(path: string, onProgress?: (versions: number) => void): Content {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const found = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']
    if (found !== 'ok') throw new Failure('Its pages do not fit together.')
    return readContent(db, onProgress)
  } finally {
    db.close()
  }
}

export function isSame(a: Content, b: Content): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
