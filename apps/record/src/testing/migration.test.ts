import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openForWriting } from '../store/open.ts'
import { SCHEMA_VERSION, STEPS } from '../store/schema.ts'
import { put } from '../writer/write.ts'
import { checkFile, checkPagesAndIndexes } from './check-file.ts'
import { SCHEMA_1 } from './first-schema.ts'
import { makeFolder, SECRET } from './record.ts'
import { spawnRecord, untilReady } from './record-process.ts'

const OBSERVATIONS = 4500
const VERSIONS = Array.from({ length: SCHEMA_VERSION - 1 }, (_one, at) => at + 1)
const KILLS = 4

let folder: string
let file: string
beforeEach(() => {
  folder = makeFolder()
  file = path.join(folder, 'record', 'openward.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A file as an earlier version left it: its tables, and rows that the rules of that time made, neither all nor only those of now. */
function writeOldFile(version: number): void {
  const other = path.join(folder, 'now.sqlite')
  fill(other)
  mkdirSync(path.dirname(file))
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; ${SCHEMA_1}`)
  db.prepare('ATTACH ? AS now').run(other)
  for (const table of [
    'res',
    'hist',
    'chg',
    'sp',
    'ix_tok',
    'ix_ref',
    'ix_date',
    'ix_str',
    'ix_num',
    'ix_uri',
  ])
    db.exec(`INSERT INTO ${table} SELECT * FROM now.${table}`)
  for (let step = 2; step <= version; step += 1) db.exec(STEPS[step] ?? '')
  db.exec(
    `UPDATE OR IGNORE ix_tok SET v = 'of-older-rules' WHERE r % 2 = 0; DELETE FROM ix_ref WHERE r % 3 = 0;
     UPDATE sp SET hash = 'older' WHERE rt = 'Observation'; PRAGMA user_version = ${version}`,
  )
  db.close()
}

function fill(target: string): void {
  const opened = openForWriting(target)
  const store = { ...opened, base: 'http://record' }
  opened.db.exec('BEGIN')
  for (let n = 0; n < OBSERVATIONS; n += 1) {
    put(store, 'Observation', `o${n}`, {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: `c${n % 9}` }], text: `Kind ${n % 9}` },
      subject: { reference: `Patient/p${n % 100}` },
      ...(n % 10 === 0 ? {} : { effectiveDateTime: '2026-01-01' }),
      valueQuantity: { value: n, code: 'mg' },
    })
  }
  for (let n = 0; n < 50; n += 1) {
    put(store, 'Slot', `s${n}`, {
      resourceType: 'Slot',
      status: 'busy',
      schedule: { reference: 'Schedule/a' },
      start: `2027-03-01T09:${String(n).padStart(2, '0')}:00Z`,
      end: '2027-03-01T10:00:00Z',
    })
  }
  opened.db.exec('COMMIT')
  opened.db.close()
}

test.each(VERSIONS)(
  'a file of version %i whose update was killed again and again is whole at the start that is let finish',
  async (version) => {
    writeOldFile(version)
    for (let kill = 0; kill < KILLS; kill += 1) {
      const record = await spawnRecord(folder)
      await new Promise((resolve) => setTimeout(resolve, 450 + 200 * kill))
      await record.end('SIGKILL')
    }
    const record = await spawnRecord(folder)
    await untilReady(record)
    const headers = { authorization: `Bearer ${SECRET}` }
    const found = await fetch(`${record.base}/Observation?code=c3&_summary=count`, { headers })
    expect(await found.json()).toMatchObject({ total: OBSERVATIONS / 9 })
    expect(await record.end('SIGTERM')).toBe(0)
    expect([...checkFile(file, []), ...checkPagesAndIndexes(file)]).toEqual([])
    const { db, staleTypes } = openForWriting(file)
    expect(staleTypes).toEqual([])
    expect(db.all("SELECT k FROM about WHERE k LIKE 'index %'")).toEqual([])
    db.close()
  },
)
