import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/store.ts'

let record: TestStore
const ids = (query: string) => record.ids(query).toSorted()

beforeAll(() => {
  record = openTestStore()
  const place = (id: string, latitude: number, longitude: number) =>
    record.put({ resourceType: 'Location', id, position: { latitude, longitude } })
  place('boston', 42.3601, -71.0589)
  place('cambridge', 42.3736, -71.1097)
  place('worcester', 42.2626, -71.8023)
  place('fiji-east', -17, -179.99)
  place('fiji-west', -17, 179.99)
  place('pole', 89.99, 0)
  place('over-the-pole', 89.99, 180)
  record.put({ resourceType: 'Location', id: 'nowhere' })
  record.put({
    resourceType: 'Patient',
    id: 'p1',
    maritalStatus: { text: 'Never Married' },
    identifier: [
      {
        type: {
          text: 'Medical record',
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }],
        },
        system: 'urn:a',
        value: '12|3',
      },
      { type: { coding: [{ system: 'urn:own', code: 'SS' }] }, value: '77' },
    ],
    managingOrganization: { display: 'A clinic' },
  })
  record.put({ resourceType: 'Patient', id: 'p2', managingOrganization: { reference: 'Organization/o' } })
  record.put({
    resourceType: 'Condition',
    id: 'c1',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '44054006', display: 'Diabetes méllitus' }] },
    subject: { reference: 'Patient/p1' },
  })
  record.put({
    resourceType: 'Condition',
    id: 'c2',
    code: { text: 'Diabetic foot' },
    subject: { reference: 'Patient/p2' },
  })
  record.put({
    resourceType: 'List',
    id: 'l',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: 'Patient/p2' } }, { item: { reference: 'Condition/c1' } }],
  })
  record.put({
    resourceType: 'Bundle',
    id: 'b',
    type: 'document',
    entry: [{ resource: { resourceType: 'Composition', id: 'comp', status: 'final' } }],
  })
})
afterAll(() => record.close())

test.each([
  ['Location?near=42.36|-71.06|10|km', ['boston', 'cambridge']],
  ['Location?near=42.36|-71.06|2000|m', ['boston']],
  ['Location?near=42.36|-71.06|40|[mi_i]', ['boston', 'cambridge', 'worcester']],
  ['Location?near=42.36|-71.06', ['boston', 'cambridge']],
  ['Location?near=42.36|-71.06|1,42.2626|-71.8023|1', ['boston', 'worcester']],
  ['Location?near=-17|180|5|km', ['fiji-east', 'fiji-west']],
  ['Location?near=90|12|5|km', ['over-the-pole', 'pole']],
  ['Location?near:missing=true', ['nowhere']],
  // the words that name a code
  ['Condition?code:text=diabet', ['c1', 'c2']],
  ['Condition?code:text=DIABETES%20MELLITUS', ['c1']],
  ['Condition?code:text=foot', []],
  ['Patient?identifier:text=medical', ['p1']],
  ['Patient?_has:Condition:patient:code:text=diabetic', ['p2']],
  ['Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|12\\|3', ['p1']],
  ['Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|77', []],
  ['Patient?identifier:of-type=urn:own|SS|77', ['p1']],
  // an element without anything searchable is there all the same
  ['Condition?code:missing=true', []],
  ['Condition?code:missing=false', ['c1', 'c2']],
  ['Condition?code:not=44054006', ['c2']],
  ['Condition?code=|', []],
  ['Patient?organization:missing=true', []],
  ['Patient?_list=l', ['p2']],
  ['Patient?_list=List/l,none', ['p2']],
  ['Condition?_list=l&code:missing=false', ['c1']],
  ['Patient?_list=none', []],
  ['Bundle?composition=Composition/comp', ['b']],
  ['Bundle?composition=other', []],
  ['Bundle?message=Composition/comp', []],
])('%s finds %j', (query, expected) => {
  expect(ids(query)).toEqual(expected)
})
