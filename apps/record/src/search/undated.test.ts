import { expect, test } from 'vitest'
import { openTestStore } from '../testing/store.ts'

test('newest first, what has no beginning stands among what has no date, and pages lose neither', () => {
  const record = openTestStore()
  const observation = (id: string, value: object) =>
    record.put({ resourceType: 'Observation', id, status: 'final', code: { text: 'x' }, ...value })
  observation('old', { valuePeriod: { end: '2017-01-01' } })
  observation('older', { valuePeriod: { end: '2016-01-01' } })
  observation('none', {})
  observation('new', { valueDateTime: '2019-12' })
  observation('nothing', {})
  expect(record.ids('Observation?_sort=-value-date&_count=2')).toEqual([
    'new',
    'nothing',
    'none',
    'older',
    'old',
  ])
  record.close()
})
