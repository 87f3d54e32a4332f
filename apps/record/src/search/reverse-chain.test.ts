import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/store.ts'
import { parseSearch } from './parse.ts'
import { planSearch } from './plan.ts'

const MANY = 250
let record: TestStore

beforeAll(() => {
  record = openTestStore()
  for (let at = 0; at < MANY; at++) {
    const family = at % 10 === 0 ? 'Rare' : 'Common'
    record.put({ resourceType: 'Patient', id: `p${at}`, name: [{ family }], gender: 'female' })
    const code = { coding: [{ system: 'urn:code', code: at % 20 === 0 ? 'seldom' : 'often' }] }
    const subject = { reference: `Patient/p${at}` }
    record.put({ resourceType: 'Observation', id: `o${at}`, status: 'final', code, subject })
    record.put({
      resourceType: 'Observation',
      id: `x${at}`,
      status: 'final',
      code: { text: 'often' },
      subject,
    })
  }
})
afterAll(() => record.close())

function isGathered(query: string): boolean {
  const [type = '', criteria = ''] = query.split('?')
  const pairs = [...new URLSearchParams(criteria)]
  const request = parseSearch({ type, path: type, compartment: undefined }, pairs, false)
  return planSearch(record.store, request).source !== undefined
}

const numbered = (step: number, keep: (at: number) => boolean) =>
  Array.from({ length: Math.ceil(MANY / step) }, (_one, at) => at * step)
    .filter(keep)
    .map((at) => `p${at}`)

test.each([
  ['Patient?family=Rare&_has:Observation:patient:code=often', false, numbered(10, (at) => at % 20 !== 0)],
  ['Patient?family=Rare&_has:Observation:patient:code=seldom', true, numbered(20, () => true)],
  ['Patient?gender=female&_has:Observation:patient:code=often', true, numbered(1, (at) => at % 20 !== 0)],
  ['Patient?_id=p0,p1,p2&_has:Observation:patient:code=often', false, ['p1', 'p2']],
  ['Patient?_id=p0,p1,p2&_has:Observation:patient:_id=o0', false, ['p0']],
  ['Patient?family=Rare&_has:Observation:patient:status=final&_count=500', false, numbered(10, () => true)],
  [
    'Patient?family=Rare&_has:Observation:patient:code=often&_has:Observation:patient:status=final',
    false,
    numbered(10, (at) => at % 20 !== 0),
  ],
])('%s is answered alike whether what refers is gathered first (%s) or looked up', (query, gathered, ids) => {
  expect(isGathered(query)).toBe(gathered)
  expect(record.ids(query).toSorted()).toEqual(ids.toSorted())
})
