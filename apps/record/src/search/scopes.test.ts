import { afterAll, beforeAll, expect, test } from 'vitest'
import { Refusal } from '../fhir/outcome.ts'
import type { Answered } from '../testing/record.ts'
import { openTestStore, type TestStore } from '../testing/store.ts'
import { searchAt } from './search.ts'

let record: TestStore

beforeAll(() => {
  record = openTestStore()
  const { put } = record
  put({ resourceType: 'Patient', id: 'p1', link: [{ other: { reference: 'Patient/p2' }, type: 'seealso' }] })
  put({ resourceType: 'Patient', id: 'p2', meta: { tag: [{ system: 'urn:t', code: 'vip' }] } })
  for (const at of [1, 2, 3, 4, 5]) {
    put({
      resourceType: 'Observation',
      id: `o${at}`,
      status: at > 3 ? 'final' : 'amended',
      subject: { reference: at === 5 ? 'Patient/p2' : 'Patient/p1' },
      encounter: { reference: 'Encounter/e1' },
      effectiveDateTime: `2026-01-0${6 - at}`,
      meta: { tag: [{ system: 'urn:t', code: at % 2 === 0 ? 'vip' : 'other' }] },
    })
  }
  put({
    resourceType: 'Encounter',
    id: 'e1',
    status: 'finished',
    subject: { reference: 'Patient/p1' },
    period: { start: '2026-01-03T12:00:00Z' },
    participant: [{ individual: { reference: 'Practitioner/d1' } }],
  })
  put({
    resourceType: 'AllergyIntolerance',
    id: 'a1',
    patient: { reference: 'Patient/p2' },
    asserter: { reference: 'Patient/p1' },
    recordedDate: '2026-01-04',
  })
  put({ resourceType: 'Practitioner', id: 'd1' })
})
afterAll(() => record.close())

/** Ids over all pages, whose links repeat the path. */
function all(path: string, query = ''): string[] {
  const found: string[] = []
  let [next, at]: [string | undefined, number] = [query, 0]
  while (next !== undefined) {
    at += 1
    if (at > 40) throw new Error('the pages do not end')
    const page = ask(path, next)
    for (const { resource } of page.entry ?? []) found.push(resource.id)
    const url: string | undefined = page.link.find((one: Answered) => one.relation === 'next')?.url
    next = url?.slice(`http://record${path === '' ? '' : `/${path}`}?`.length)
  }
  return found
}

function ask(path: string, query: string, isLenient = false): Answered {
  const parts = path === '' ? [] : path.split('/')
  const text = searchAt(record.store, parts, [...new URLSearchParams(query)], isLenient)
  if (text === undefined) throw new Error('nothing to search there')
  return JSON.parse(text)
}

test.each([
  ['Patient/p1/Observation', '_sort=date', ['o4', 'o3', 'o2', 'o1']],
  ['Patient/p1/Observation', '_sort=-date&_count=1', ['o1', 'o2', 'o3', 'o4']],
  ['Patient/p1/Observation', 'status=final', ['o4']],
  ['Patient/p1/Observation', 'subject=Patient/p2', []],
  ['Patient/p1/AllergyIntolerance', '', ['a1']],
  ['Patient/p2/AllergyIntolerance', '', ['a1']],
  ['Patient/p2/Patient', '', ['p1', 'p2']],
  ['Patient/none/Observation', '', []],
  ['Patient/p2/*', '_sort=_id', ['a1', 'o5', 'p1', 'p2']],
  ['Patient/p2/*', '_type=Patient,Observation&_sort=_id', ['o5', 'p1', 'p2']],
  ['Encounter/e1/Observation', '_sort=_id&_count=2', ['o1', 'o2', 'o3', 'o4', 'o5']],
  ['Encounter/e1/*', '_tag=vip&_sort=_id', ['o2', 'o4']],
  ['Practitioner/d1/Encounter', '', ['e1']],
  ['Practitioner/d1/*', '_sort=_id', ['d1', 'e1']],
])('%s?%s finds %j', (path, query, expected) => {
  expect(all(path, query)).toEqual(expected)
})

test.each([1, 2, 3, 100])('a search over types keeps one order over pages of %i', (count) => {
  const page = `&_count=${count}`
  expect(all('', `_type=Observation,Encounter,AllergyIntolerance&_sort=-date,_id${page}`)).toEqual([
    'o1',
    'a1',
    'o2',
    'e1',
    'o3',
    'o4',
    'o5',
  ])
  expect(all('', `_sort=-_id${page}`)).toEqual(['p2', 'p1', 'o5', 'o4', 'o3', 'o2', 'o1', 'e1', 'd1', 'a1'])
  // Without a value they are equal, and come in the order of writing.
  const written = ['p1', 'p2', 'o1', 'o2', 'o3', 'o4', 'o5', 'e1', 'a1', 'd1']
  expect(all('', `_sort=_source${page}`)).toEqual(written)
  expect(all('', `_sort=-_source${page}`)).toEqual(written.toReversed())
  expect(all('', `_tag=vip&_sort=_id${page}`)).toEqual(['o2', 'o4', 'p2'])
  expect(all('', page.slice(1)).toSorted()).toHaveLength(10)
})

test('the links of a search name what was searched', () => {
  const self = (path: string) => ask(path, '_type=Observation').link[0].url
  expect(self('')).toBe('http://record?_type=Observation')
  expect(self('Patient/p1/*')).toBe('http://record/Patient/p1/*?_type=Observation')
})

test('totals over types are of all of them', () => {
  expect(ask('', '_summary=count').total).toBe(10)
  expect(ask('', '_type=Patient,Observation&_count=1&_total=accurate').total).toBe(7)
  expect(ask('', '_type=Slot&_count=0').total).toBe(0)
  expect(ask('Patient/p2/*', '_count=0').total).toBe(4)
})

test('a parameter that one of the types does not have is refused, or with lenient handling left out for all of them', () => {
  expect(() => ask('', '_type=Patient,Observation&gender=male')).toThrow(Refusal)
  expect(() => ask('', '_type=Patient,Observation&_sort=gender')).toThrow(Refusal)
  expect(() => ask('', '_type=ActivityDefinition,ChargeItem&_sort=context')).toThrow('different kinds')
  expect(() => ask('Patient/p1/*', '_type=Organization')).toThrow(Refusal)
  expect(() => ask('', '_tag=a&'.repeat(21))).toThrow('at most 20 parameters')
  const lenient = ask('', '_type=Patient,Observation&gender=male&_tag=vip', true)
  expect(lenient.entry.map((one: Answered) => one.resource.id).toSorted()).toEqual(['o2', 'o4', 'p2'])
  expect(lenient.link[0].url).not.toContain('gender')
})

test('what is included comes from every type searched', () => {
  const page = ask('', '_type=Encounter,AllergyIntolerance&_include=*')
  const modes = page.entry.map((one: Answered) => `${one.resource.id} ${one.search.mode}`)
  expect(modes.toSorted()).toEqual(['a1 match', 'd1 include', 'e1 match', 'p1 include', 'p2 include'])
})
