import { copyFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkFile, checkPagesAndIndexes } from './check-file.ts'
import { type CrashResult, runCrashRounds, seeded } from './crash-rounds.ts'
import { makeFolder } from './record.ts'

const ROUNDS = 5
let folder: string
let file: string
let result: CrashResult
beforeAll(async () => {
  folder = makeFolder()
  file = path.join(folder, 'record', 'openward.sqlite')
  result = await runCrashRounds(folder, ROUNDS, seeded(20_261_122))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('killed at random moments under single writes, transactions, conditions and deletions, the record loses nothing that it acknowledged', () => {
  expect(result.problems).toEqual([])
  expect(result.acknowledged).toBeGreaterThan(50)
  expect(result.reopenMs).toHaveLength(ROUNDS)
})

/** What the check says of a copy with one thing changed behind the record's back. */
function problemsAfter(sql: string): string[] {
  const copy = path.join(folder, 'copy.sqlite')
  copyFileSync(file, copy)
  const db = new DatabaseSync(copy)
  db.exec(sql)
  db.close()
  return [...checkFile(copy, []), ...checkPagesAndIndexes(copy)]
}

test.each([
  [
    "DELETE FROM hist WHERE rt = 'Patient' AND id = 'shared-0' AND ver = 1",
    /history of Patient\/shared-0 has a gap/,
  ],
  ['DELETE FROM chg WHERE seq = 7', /change feed has a gap/],
  [
    "DELETE FROM res WHERE rt = 'Slot' AND id = (SELECT max(id) FROM res WHERE rt = 'Slot')",
    /part of transaction/,
  ],
  ['DELETE FROM ix_str WHERE r = (SELECT max(r) FROM ix_str)', /ix_str/],
  ['DELETE FROM busy WHERE r = (SELECT max(r) FROM busy)', /busy/],
])('the check notices %s', (sql, words) => {
  expect(problemsAfter(sql).join('\n')).toMatch(words)
  expect(problemsAfter('')).toEqual([])
})

test('the check notices a write that was acknowledged and is not there, or is another one', () => {
  const lost = { type: 'Patient', id: 'shared-1', version: 100_000, mark: 'x' }
  const other = { type: 'Patient', id: 'shared-1', version: 2, mark: 'x' }
  expect(checkFile(file, [lost, other]).filter((words) => words.includes('shared-1'))).toEqual([
    'Lost: Patient/shared-1 version 100000',
    'Patient/shared-1 version 2 is another one',
  ])
})
