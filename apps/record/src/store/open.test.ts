import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { search } from '../search/search.ts'
import { makeFolder } from '../testing/record.ts'
import { put, reindex } from '../writer/write.ts'
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
  for (const type of interrupted.staleTypes) reindex({ ...interrupted, base: 'http://record' }, type)
  expect(find(interrupted)).toBe(1)
  interrupted.db.close()
  const third = openForWriting(file)
  expect(third.staleTypes).toEqual([])
  third.db.close()
  rmSync(folder, { recursive: true })
})
