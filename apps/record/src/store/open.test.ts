import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { search } from '../search/search.ts'
import { makeFolder } from '../testing/record.ts'
import { reindex } from '../writer/reindex.ts'
import { put } from '../writer/write.ts'
import { Log } from './log.ts'
import { openForWriting } from './open.ts'

test('when a search parameter changes, the types it belongs to are named at the next start and can be indexed again', () => {
  const folder = makeFolder()
  const file = path.join(folder, 'record', 'x.sqlite')
  const find = (opened: ReturnType<typeof openForWriting>) =>
    JSON.parse(search({ ...opened, base: 'http://record' }, 'Patient', [['family', 'ito']])).total
  const first = openForWriting(file)
  put({ ...first, base: 'http://record' }, 'Patient', 'a', {
    resourceType: 'Patient',
    name: [{ family: 'Ito' }],
  })
  expect([first.staleTypes, find(first)]).toEqual([[], 1])
  first.db.exec("UPDATE sp SET hash = 'older' WHERE rt = 'Patient' AND code = 'family'; DELETE FROM ix_str")
  first.db.close()
  const second = openForWriting(file)
  expect([second.staleTypes, find(second)]).toEqual([['Patient'], 0])
  second.db.close()
  const interrupted = openForWriting(file)
  expect(interrupted.staleTypes).toEqual(['Patient'])
  for (const type of interrupted.staleTypes)
    reindex({ ...interrupted, base: 'http://record' }, new Log(interrupted.db), type)
  expect(find(interrupted)).toBe(1)
  interrupted.db.close()
  const third = openForWriting(file)
  expect(third.staleTypes).toEqual([])
  third.db.close()
  rmSync(folder, { recursive: true })
})

test('a file of an older version is brought up to date at the next start and indexed again, also after a crash', () => {
  const folder = makeFolder()
  const file = path.join(folder, 'record', 'x.sqlite')
  const counts = ({ db }: ReturnType<typeof openForWriting>) =>
    ['busy', 'ix_pair', 'ix_text'].map(
      (table) => db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n,
    )
  const first = openForWriting(file)
  put({ ...first, base: 'http://record' }, 'Slot', 'a', {
    resourceType: 'Slot',
    identifier: [{ type: { text: 'Own', coding: [{ code: 'O' }] }, value: '1' }],
    status: 'busy',
    schedule: { reference: 'Schedule/a' },
    start: '2027-03-01T09:00:00Z',
    end: '2027-03-01T09:30:00Z',
  })
  expect(counts(first)).toEqual([1, 1, 1])
  first.db.exec(
    'DROP TABLE busy; DROP TABLE ix_pair; DROP TABLE ix_text; DROP TABLE txt; DROP INDEX ix_num_r; PRAGMA user_version = 1',
  )
  first.db.close()
  const second = openForWriting(file)
  expect(second.staleTypes).toEqual(['Slot'])
  expect(counts(second)).toEqual([0, 0, 0])
  second.db.close()
  const interrupted = openForWriting(file)
  for (const type of interrupted.staleTypes)
    reindex({ ...interrupted, base: 'http://record' }, new Log(interrupted.db), type)
  expect(counts(interrupted)).toEqual([1, 1, 1])
  interrupted.db.close()
  const third = openForWriting(file)
  expect([third.staleTypes, counts(third)]).toEqual([[], [1, 1, 1]])
  third.db.close()
  rmSync(folder, { recursive: true })
})
