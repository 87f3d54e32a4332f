import { expect, test } from 'vitest'
import { openTestStore } from '../testing/store.ts'

test('lists longer than a call may have arguments are searched to their end', () => {
  const record = openTestStore()
  const moments = Array.from({ length: 150_000 }, (_one, at) => new Date(at * 1e6).toISOString())
  record.store.db.exec('BEGIN')
  record.put({ resourceType: 'Patient', id: 'p', name: [{ given: moments }] })
  record.put({ resourceType: 'ServiceRequest', id: 's', occurrenceTiming: { event: moments } })
  record.store.db.exec('COMMIT')
  expect(record.ids(`Patient?given=${moments.at(-1)}`)).toEqual(['p'])
  expect(record.ids(`ServiceRequest?occurrence=ge${moments.at(-1)}`)).toEqual(['s'])
  record.close()
})

test('what has only extensions in place of values is missing', () => {
  const record = openTestStore()
  const extension = [{ url: 'http://a.example/reason', valueCode: 'unknown' }]
  record.put({ resourceType: 'Patient', id: 'p', name: [{ given: [null], _given: [{ extension }] }] })
  record.put({
    resourceType: 'Patient',
    id: 'q',
    name: [{ given: [null, 'Ana'], _given: [{ extension }, null] }],
  })
  expect(record.ids('Patient?given:missing=true')).toEqual(['p'])
  expect(record.ids('Patient?name:missing=true')).toEqual([])
  record.close()
})
