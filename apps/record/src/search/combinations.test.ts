import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/store.ts'

let record: TestStore
const ids = (query: string) => record.ids(query).toSorted()

const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] })
const mmHg = (value: number) => ({
  valueQuantity: { value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
})
const observation = (id: string, more: object) =>
  record.put({ resourceType: 'Observation', id, status: 'final', ...more })

beforeAll(() => {
  record = openTestStore()
  observation('bp-high', {
    code: loinc('85354-9'),
    component: [
      { code: loinc('8480-6'), ...mmHg(150) },
      { code: loinc('8462-4'), ...mmHg(80) },
    ],
  })
  observation('bp-swapped', {
    code: loinc('85354-9'),
    component: [
      { code: loinc('8480-6'), ...mmHg(80) },
      { code: loinc('8462-4'), ...mmHg(150) },
    ],
  })
  observation('single', { code: loinc('8480-6'), ...mmHg(150) })
  observation('mood', {
    code: loinc('72166-2'),
    valueCodeableConcept: {
      text: 'Never smoked',
      coding: [{ system: 'http://snomed.info/sct', code: '266919005' }],
    },
  })
  observation('dated', { code: loinc('11368-8'), valueDateTime: '2024-05-06' })
  observation('worded', { code: loinc('8251-1'), valueString: 'A$B, or so' })
  record.put({
    resourceType: 'Group',
    id: 'g',
    type: 'person',
    actual: false,
    characteristic: [
      { code: { coding: [{ code: 'gender' }] }, valueCodeableConcept: { coding: [{ code: 'female' }] } },
      { code: { coding: [{ code: 'smoker' }] }, valueBoolean: true, exclude: false },
    ],
  })
  record.put({
    resourceType: 'DocumentReference',
    id: 'd2',
    status: 'current',
    relatesTo: [
      { code: 'replaces', target: { reference: 'DocumentReference/d1' } },
      { code: 'signs', target: { reference: 'DocumentReference/d0' } },
    ],
  })
  record.put({
    resourceType: 'MolecularSequence',
    id: 'm',
    coordinateSystem: 0,
    referenceSeq: {
      windowStart: 10,
      windowEnd: 90,
      chromosome: { coding: [{ code: '7' }] },
    },
    variant: [
      { start: 20, end: 21 },
      { start: 40, end: 60 },
    ],
  })
  record.put({
    resourceType: 'Questionnaire',
    id: 'q',
    status: 'active',
    useContext: [
      {
        code: { system: 'http://c', code: 'age' },
        valueRange: { low: { value: 18, unit: 'a' }, high: { value: 65, unit: 'a' } },
      },
      { code: { system: 'http://c', code: 'focus' }, valueCodeableConcept: { coding: [{ code: 'heart' }] } },
    ],
  })
})
afterAll(() => record.close())

test.each([
  // one element only: the same as asking for both
  ['Observation?code-value-quantity=8480-6$gt140', ['single']],
  ['Observation?code-value-quantity=http://loinc.org|8480-6$150||mmHg', ['single']],
  ['Observation?code-value-quantity=8480-6$gt140,8480-6$lt10', ['single']],
  ['Observation?code-value-quantity=8480-6$lt140,72166-2$1', []],
  ['Observation?code-value-concept=72166-2$266919005', ['mood']],
  ['Observation?code-value-date=11368-8$2024-05', ['dated']],
  ['Observation?code-value-string=8251-1$a\\$b\\, or', ['worded']],
  // elements that repeat: together in one of them
  ['Observation?component-code-value-quantity=8480-6$gt140', ['bp-high']],
  ['Observation?component-code-value-quantity=8462-4$gt140', ['bp-swapped']],
  ['Observation?component-code-value-quantity=8480-6$gt140,8462-4$gt140', ['bp-high', 'bp-swapped']],
  ['Observation?component-code-value-quantity=http://loinc.org|8480-6$150||mm[Hg]', ['bp-high']],
  ['Observation?component-code-value-quantity=8480-6$150||kPa', []],
  // either
  ['Observation?combo-code-value-quantity=8480-6$gt140', ['bp-high', 'single']],
  ['Observation?combo-code-value-quantity=8480-6$le80', ['bp-swapped']],
  ['Observation?combo-code-value-quantity=8480-6$gt140&code=85354-9', ['bp-high']],
  ['Observation?combo-code-value-concept=72166-2$266919005', ['mood']],
  ['Group?characteristic-value=gender$female', ['g']],
  ['Group?characteristic-value=smoker$true', ['g']],
  ['Group?characteristic-value=smoker$female', []],
  ['DocumentReference?relationship=replaces$DocumentReference/d1', ['d2']],
  ['DocumentReference?relationship=replaces$d1', ['d2']],
  ['DocumentReference?relationship=signs$d1', []],
  ['MolecularSequence?chromosome-variant-coordinate=7$gt30$lt70', ['m']],
  ['MolecularSequence?chromosome-variant-coordinate=7$lt30$gt50', []],
  ['MolecularSequence?chromosome-window-coordinate=7$lt30$gt50', ['m']],
  ['Questionnaire?context-type-value=focus$heart', ['q']],
  ['Questionnaire?context-type-value=age$heart', []],
  ['Questionnaire?context-type-quantity=age$gt60', ['q']],
  ['Questionnaire?context-type-quantity=focus$gt60', []],
  ['Observation?_has:Observation:has-member:code-value-quantity=8480-6$gt140', []],
])('%s finds %j', (query, expected) => {
  expect(ids(query)).toEqual(expected)
})

test('the rows of repeating elements go with the resource and come back with its change', () => {
  observation('passing', { code: loinc('85354-9'), component: [{ code: loinc('1'), ...mmHg(1) }] })
  expect(ids('Observation?component-code-value-quantity=1$1')).toEqual(['passing'])
  observation('passing', { code: loinc('85354-9'), component: [{ code: loinc('1'), ...mmHg(2) }] })
  expect(ids('Observation?component-code-value-quantity=1$1')).toEqual([])
  expect(ids('Observation?component-code-value-quantity=1$2')).toEqual(['passing'])
})

test('plain elements that do not repeat take no rows of their own', () => {
  const rows = record.store.db.all<{ id: string }>(
    'SELECT DISTINCT res.id AS id FROM ix_pair x JOIN res ON res.pk = x.r ORDER BY res.id',
  )
  expect(rows.map((row) => row.id)).toEqual(['bp-high', 'bp-swapped', 'd2', 'g', 'm', 'passing', 'q'])
})
