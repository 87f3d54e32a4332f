import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Log } from '../store/log.ts'
import { openForWriting } from '../store/open.ts'
import { reindex } from '../writer/reindex.ts'
import { INDEX_TABLES } from '../writer/index-writes.ts'
import { type Acknowledged, MARK_SYSTEM, SHARED_SYSTEM, TRANSACTION_SIZE } from './crash-writers.ts'

const ALL = 'SELECT rt, id, ver, body FROM res UNION ALL SELECT rt, id, ver, body FROM hist'

/** What is wrong with a record file, in words; nothing when all is well. It may be open elsewhere meanwhile. */
export function checkFile(file: string, acknowledged: readonly Acknowledged[]): string[] {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    db.exec('BEGIN')
    return [
      ...checkWrites(db, acknowledged),
      ...checkHistory(db),
      ...checkTransactions(db),
      ...checkConditions(db),
    ]
  } finally {
    db.close()
  }
}

/** Pages, and every index row compared with what the stored bodies say now. Slower. */
export function checkPagesAndIndexes(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const found = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']
    return found === 'ok' ? checkIndexes(db, file) : [`The pages do not fit: ${String(found)}`]
  } finally {
    db.close()
  }
}

function checkWrites(db: DatabaseSync, acknowledged: readonly Acknowledged[]): string[] {
  const find = db.prepare(`SELECT body FROM (${ALL}) WHERE rt = ? AND id = ? AND ver = ?`)
  return acknowledged.flatMap(({ type, id, version, mark }) => {
    const body = find.get(type, id, version)?.['body']
    if (body === undefined) return [`Lost: ${type}/${id} version ${version}`]
    return markOf(String(body)) === mark ? [] : [`${type}/${id} version ${version} is another one`]
  })
}

function markOf(body: string): string | undefined {
  if (body === '') return undefined
  const { meta } = JSON.parse(body) as { meta: { tag?: { system?: string; code?: string }[] } }
  return meta.tag?.find(({ system }) => system === MARK_SYSTEM)?.code
}

/** Versions from 1 on without a gap, each with its one change, changes in the order of versions, the feed without a gap. */
function checkHistory(db: DatabaseSync): string[] {
  return [
    ...db
      .prepare(`SELECT rt, id FROM (${ALL}) GROUP BY rt, id HAVING count(*) <> max(ver) OR min(ver) <> 1`)
      .all()
      .map(({ rt, id }) => `The history of ${String(rt)}/${String(id)} has a gap`),
    ...db
      .prepare(
        `SELECT rt, id FROM (SELECT rt, id, ver, row_number() OVER (PARTITION BY rt, id ORDER BY seq) AS nth FROM chg) WHERE ver <> nth
         UNION SELECT rt, id FROM (SELECT rt, id, ver FROM (${ALL}) EXCEPT SELECT rt, id, ver FROM chg)
         UNION SELECT rt, id FROM (SELECT rt, id, ver FROM chg EXCEPT SELECT rt, id, ver FROM (${ALL}))`,
      )
      .all()
      .map(({ rt, id }) => `The changes of ${String(rt)}/${String(id)} are not its versions`),
    ...db
      .prepare('SELECT 1 FROM (SELECT count(*) AS n, max(seq) AS last FROM chg) WHERE n <> last')
      .all()
      .map(() => 'The change feed has a gap'),
  ]
}

function checkTransactions(db: DatabaseSync): string[] {
  return db
    .prepare(
      "SELECT substr(id, 1, length(id) - 2) AS name, count(*) AS n FROM res WHERE rt = 'Slot' AND id LIKE 't-%' GROUP BY name",
    )
    .all()
    .filter(({ n }) => n !== TRANSACTION_SIZE)
    .map(({ name }) => `Only a part of transaction ${String(name)} is there`)
}

function checkConditions(db: DatabaseSync): string[] {
  return db
    .prepare('SELECT v FROM ix_tok WHERE s = ? GROUP BY v HAVING count(DISTINCT r) > 1')
    .all(SHARED_SYSTEM)
    .map(({ v }) => `A conditional create was done twice: ${String(v)}`)
}

const ROWS: Record<string, string> = {
  ix_text: 'SELECT txt.v, p, r FROM $.ix_text JOIN $.txt ON txt.id = t',
}

function checkIndexes(db: DatabaseSync, file: string): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'record-check-'))
  try {
    const copy = path.join(folder, 'copy.sqlite')
    db.prepare('VACUUM INTO ?').run(copy)
    const types = db
      .prepare('SELECT DISTINCT rt FROM res')
      .all()
      .map(({ rt }) => String(rt))
    const opened = openForWriting(copy)
    for (const type of types) reindex({ ...opened, base: 'http://127.0.0.1' }, new Log(opened.db), type)
    opened.db.run('ATTACH ? AS stored', file)
    const wrong = [...INDEX_TABLES, 'busy'].filter((table) => {
      const rows = (schema: string) => (ROWS[table] ?? `SELECT * FROM $.${table}`).replaceAll('$', schema)
      const differences = `SELECT 1 FROM (${rows('main')} EXCEPT ${rows('stored')}) UNION ALL SELECT 1 FROM (${rows('stored')} EXCEPT ${rows('main')})`
      return opened.db.get(differences) !== undefined
    })
    opened.db.close()
    return wrong.map((table) => `${table} does not hold what the bodies say`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
