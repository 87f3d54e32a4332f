import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/store.ts'

let record: TestStore
const ids = (query: string) => record.ids(query).toSorted()
const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'

beforeAll(() => {
  record = openTestStore()
  const { put } = record
  put({
    resourceType: 'CodeSystem',
    id: 'colours',
    url: 'http://x/colours',
    status: 'active',
    content: 'complete',
    concept: [{ code: 'red', concept: [{ code: 'crimson' }, { code: 'scarlet' }] }, { code: 'blue' }],
  })
  put({
    resourceType: 'ValueSet',
    id: 'reds',
    url: 'http://x/reds',
    status: 'active',
    compose: {
      include: [
        { system: 'http://x/colours', filter: [{ property: 'concept', op: 'is-a', value: 'red' }] },
        { system: 'http://x/other', concept: [{ code: '1' }] },
      ],
      exclude: [{ system: 'http://x/colours', concept: [{ code: 'scarlet' }] }],
    },
  })
  put({
    resourceType: 'ValueSet',
    id: 'snomed',
    url: 'http://x/snomed',
    status: 'active',
    compose: { include: [{ system: 'http://snomed.info/sct' }] },
  })
  const condition = (id: string, system: string | undefined, code: string) =>
    put({
      resourceType: 'Condition',
      id,
      subject: { reference: 'Patient/p' },
      code: { coding: [{ ...(system === undefined ? {} : { system }), code }] },
    })
  condition('red', 'http://x/colours', 'red')
  condition('crimson', 'http://x/colours', 'crimson')
  condition('scarlet', 'http://x/colours', 'scarlet')
  condition('blue', 'http://x/colours', 'blue')
  condition('other', 'http://x/other', '1')
  condition('no-system', undefined, 'crimson')
  put({ resourceType: 'Condition', id: 'worded', subject: { reference: 'Patient/p' }, code: { text: 'x' } })
  put({ resourceType: 'Patient', id: 'p', gender: 'female' })
  put({ resourceType: 'Encounter', id: 'e', status: 'finished', class: { system: ACT, code: 'ACUTE' } })
})
afterAll(() => record.close())

test.each([
  ['Condition?code:in=http://x/reds', ['crimson', 'other', 'red']],
  ['Condition?code:not-in=http://x/reds', ['blue', 'no-system', 'scarlet', 'worded']],
  ['Condition?code:in=http://x/reds&_id=red,blue', ['red']],
  ['Patient?_has:Condition:patient:code:in=http://x/reds', ['p']],
  ['Condition?code:below=http://x/colours|red', ['crimson', 'red', 'scarlet']],
  ['Condition?code:above=http://x/colours|crimson', ['crimson', 'red']],
  ['Condition?code:below=http://x/colours|blue,http://x/colours|crimson', ['blue', 'crimson']],
  // the standard's own terminology
  ['Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender', ['p']],
  ['Encounter?class:in=http://terminology.hl7.org/ValueSet/v3-ActEncounterCode', ['e']],
  [`Encounter?class:below=${ACT}|IMP`, ['e']],
  [`Encounter?class:above=${ACT}|IMP`, []],
])('%s finds %j', (query, expected) => {
  expect(ids(query)).toEqual(expected)
})

test.each([
  ['Condition?code:in=http://x/unknown', 'not known here'],
  ['Patient?language:in=http://x/unknown', 'not known here'],
  ['Condition?code:below=http://x/unknown|1', 'not known here'],
  ['Condition?code:below=red', 'not a valid'],
  ['Patient?identifier:in=http://x/reds', 'The modifier ":in" is not supported'],
])('%s is refused in words', (query, words) => {
  expect(() => record.bundle(query)).toThrow(words)
})

test('a set that cannot be listed is refused once a code of its system is asked about', () => {
  expect(ids('Condition?code:in=http://x/snomed')).toEqual([])
  record.put({
    resourceType: 'Condition',
    id: 'sct',
    subject: { reference: 'Patient/p' },
    code: { coding: [{ system: 'http://snomed.info/sct', code: '1' }] },
  })
  expect(() => ids('Condition?code:in=http://x/snomed')).toThrow('cannot be listed')
})
