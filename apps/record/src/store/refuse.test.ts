import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolder } from '../testing/record.ts'
import { put } from '../writer/write.ts'
import { openForReading, openForWriting } from './open.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { UnusableFile } from './unusable-file.ts'

const PAGE = 8192
let folder: string
let file: string
beforeEach(() => {
  folder = makeFolder()
  file = path.join(folder, 'x.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Everything in the folder but the lock, byte for byte. */
function contents(): Map<string, string> {
  const names = readdirSync(folder).filter((name) => !name.endsWith('-lock'))
  return new Map(
    names.map((name) => {
      const at = path.join(folder, name)
      return [name, statSync(at).isFile() ? sha256(readFileSync(at)) : 'a folder']
    }),
  )
}

/** What a refused start says; it left everything as it was. */
function refusal(): string {
  const before = contents()
  let words = ''
  try {
    openForWriting(file).db.close()
  } catch (error) {
    words = error instanceof UnusableFile ? error.message : ''
  }
  expect(contents()).toEqual(before)
  return words
}

function fill(at: string, count: number): void {
  const opened = openForWriting(at)
  for (let n = 0; n < count; n++) {
    put({ ...opened, base: 'http://record' }, 'Patient', `p${n}`, {
      resourceType: 'Patient',
      name: [{ family: `Name ${n}` }],
    })
  }
  opened.db.close()
}

/** As `kill -9` leaves it: the last writes are in the log only. */
function leaveUnclean(at: string, count: number): void {
  const other = `${at}.filled`
  const opened = openForWriting(other)
  const reader = openForReading(other)
  for (let n = 0; n < count; n++) {
    opened.db.exec('BEGIN IMMEDIATE')
    put({ ...opened, base: 'http://record' }, 'Patient', `w${n}`, {
      resourceType: 'Patient',
      name: [{ family: `Late ${n}` }],
    })
    opened.db.exec('COMMIT')
  }
  for (const end of ['', '-wal', '-shm']) copyFileSync(other + end, at + end)
  reader.close()
  opened.db.close()
  for (const name of readdirSync(folder)) if (name.includes('.filled')) rmSync(path.join(folder, name))
}

function flip(at: string, position: number): void {
  const bytes = readFileSync(at)
  bytes[position] = (bytes[position] ?? 0) ^ 0xff
  writeFileSync(at, bytes)
}

test('an empty file is refused', () => {
  writeFileSync(file, '')
  expect(refusal()).toMatch(/damaged/)
})

test('a folder in the place of the file is refused', () => {
  mkdirSync(file)
  expect(refusal()).toMatch(/not a file/)
})

test('a file with another beginning is refused', () => {
  fill(file, 5)
  flip(file, 3)
  expect(refusal()).toMatch(/damaged/)
})

test('a file cut off in the middle of a page, or by whole pages, is refused', () => {
  fill(file, 50)
  const { size } = statSync(file)
  truncateSync(file, size - 100)
  expect(refusal()).toMatch(/damaged/)
  truncateSync(file, size - 2 * PAGE)
  expect(refusal()).toMatch(/damaged/)
})

test('flipped bytes where a page says what it holds are noticed, on whichever page', () => {
  fill(file, 50)
  const whole = readFileSync(file)
  const db = new DatabaseSync(file, { readOnly: true })
  const roots = db.prepare('SELECT DISTINCT rootpage FROM sqlite_schema WHERE rootpage > 1').all() as {
    rootpage: number
  }[]
  db.close()
  rmSync(`${file}-wal`, { force: true })
  rmSync(`${file}-shm`, { force: true })
  for (const { rootpage } of roots) {
    writeFileSync(file, whole)
    flip(file, (rootpage - 1) * PAGE)
    expect(refusal()).toMatch(/damaged/)
  }
  expect(roots.length).toBeGreaterThan(15)
})

test('a database of another program is refused, with a mark of its own or without', () => {
  const db = new DatabaseSync(file)
  db.exec('CREATE TABLE other (x); PRAGMA user_version = 1; PRAGMA journal_mode = WAL')
  db.close()
  expect(refusal()).toMatch(/not a record/)
  const marked = new DatabaseSync(file)
  marked.exec('PRAGMA application_id = 7')
  marked.close()
  expect(refusal()).toMatch(/not a record/)
})

test('a file of a newer version is refused, also when only its log says so', () => {
  fill(file, 5)
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
  copyFileSync(file, `${file}.copy`)
  copyFileSync(`${file}-wal`, `${file}.copy-wal`)
  db.close()
  expect(refusal()).toMatch(/newer version/)
  copyFileSync(`${file}.copy`, file)
  copyFileSync(`${file}.copy-wal`, `${file}-wal`)
  expect(refusal()).toMatch(/newer version/)
})

test('what a crash left in the log is taken over', () => {
  leaveUnclean(file, 20)
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
  const { db } = openForWriting(file)
  expect(db.get<{ n: number }>('SELECT count(*) AS n FROM res')?.n).toBe(20)
  expect(statSync(`${file}-wal`).size).toBeLessThan(3 * PAGE)
  db.close()
})

test('a log with flipped bytes is refused instead of losing what was acknowledged behind them', () => {
  leaveUnclean(file, 20)
  const wal = readFileSync(`${file}-wal`)
  for (const at of [0, 12, 30, 40, 60, 32 + 24 + 100, 32 + 3 * (24 + PAGE) + 2000]) {
    writeFileSync(`${file}-wal`, wal)
    flip(`${file}-wal`, at)
    expect(refusal()).toMatch(/damaged/)
  }
})

test('a log whose last commit was cut off in the middle is taken over up to there', () => {
  leaveUnclean(file, 20)
  truncateSync(`${file}-wal`, statSync(`${file}-wal`).size - 10)
  const { db } = openForWriting(file)
  expect(db.get<{ n: number }>('SELECT count(*) AS n FROM res')?.n).toBe(19)
  db.close()
})

test('the log of another record is refused, whole as it is', () => {
  leaveUnclean(file, 20)
  rmSync(`${file}-shm`)
  rmSync(file)
  const log = readFileSync(`${file}-wal`)
  expect(refusal()).toMatch(/missing/)
  rmSync(`${file}-wal`)
  fill(file, 40)
  writeFileSync(`${file}-wal`, log)
  expect(refusal()).toMatch(/belongs to another data file/)
  rmSync(`${file}-wal`)
  const { db } = openForWriting(file)
  expect(db.get<{ n: number }>('SELECT count(*) AS n FROM res')?.n).toBe(40)
  db.close()
})

test('an index of a log that does not fit is made again, not believed', () => {
  leaveUnclean(file, 20)
  writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 0xa5))
  const { db } = openForWriting(file)
  expect(db.get<{ n: number }>('SELECT count(*) AS n FROM res')?.n).toBe(20)
  db.close()
})

test('a second process on one file is refused, and the first goes on', () => {
  const { db } = openForWriting(file)
  const holder = new DatabaseSync(`${file}-lock`, { timeout: 0 })
  expect(() => holder.exec('BEGIN EXCLUSIVE')).toThrow(/locked/)
  holder.close()
  db.exec("INSERT INTO about (k, v) VALUES ('x', 'y')")
  db.close()
  openForWriting(file).db.close()
})

test('a file is readable by its owner only, also one that was not, and commits wait for the disk', () => {
  fill(file, 1)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  chmodSync(file, 0o644)
  const { db } = openForWriting(file)
  expect([statSync(file).mode & 0o777, statSync(`${file}-wal`).mode & 0o777]).toEqual([0o600, 0o600])
  expect(db.get('PRAGMA synchronous')).toEqual({ synchronous: 2 })
  db.close()
})
