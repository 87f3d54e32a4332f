import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolder } from '../testing/record.ts'
import { put } from '../writer/write.ts'
import { checkLater } from './check-later.ts'
import { Log } from './log.ts'
import { openForReading, openForWriting } from './open.ts'

const PAGE = 8192
const KEPT_BYTES = 32 * 1024 * 1024
let folder: string
let file: string
beforeEach(() => {
  folder = makeFolder()
  file = path.join(folder, 'x.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A record that takes in about so many megabytes, in commits of one, as its writer does. */
function open() {
  const opened = openForWriting(file)
  const log = new Log(opened.db)
  let made = 0
  const write = (megabytes: number) => {
    for (let n = 0; n < megabytes; n += 1) {
      made += 1
      opened.db.exec('BEGIN IMMEDIATE')
      put({ ...opened, base: 'http://record' }, 'Basic', `b${made}`, {
        resourceType: 'Basic',
        code: { text: 'x'.repeat(1_000_000) },
      })
      log.beforeCommit()
      opened.db.exec('COMMIT')
      log.afterCommit()
    }
  }
  const name = () => opened.db.get<{ v: string }>("SELECT v FROM about WHERE k = 'log'")?.v
  return { db: opened.db, write, name, bytes: () => statSync(`${file}-wal`).size }
}

test('the log is taken into the file again and again, begins with its name each time, and stays short', () => {
  const { db, write, name, bytes } = open()
  const before = name()
  write(150)
  expect(bytes()).toBeLessThan(2 * 4000 * PAGE)
  expect(name()).not.toBe(before)
  db.close()
})

test('a reader that stays long makes the log grow, and once it goes, the log is emptied and cut back', () => {
  const { db, write, bytes } = open()
  write(1)
  const reader = openForReading(file)
  reader.exec('BEGIN')
  reader.get('SELECT count(*) AS n FROM res')
  write(50)
  expect(reader.get('SELECT count(*) AS n FROM res')).toEqual({ n: 1 })
  expect(bytes()).toBeGreaterThan(KEPT_BYTES)
  reader.exec('COMMIT')
  write(2)
  expect(bytes()).toBeLessThanOrEqual(KEPT_BYTES)
  expect(reader.get('SELECT count(*) AS n FROM res')).toEqual({ n: 53 })
  reader.close()
  db.close()
})

test('a while after the start it is told whether the pages of a file fit together', async () => {
  const check = () => new Promise<boolean>((resolve) => void checkLater(file, 0, resolve))
  const { db, write } = open()
  write(2)
  expect(await check()).toBe(true)
  const { rootpage = 0 } =
    db.get<{ rootpage: number }>("SELECT rootpage FROM sqlite_schema WHERE name = 'chg'") ?? {}
  db.close()
  const bytes = readFileSync(file)
  bytes[(rootpage - 1) * PAGE] = 0xff
  writeFileSync(file, bytes)
  expect(await check()).toBe(false)
})
