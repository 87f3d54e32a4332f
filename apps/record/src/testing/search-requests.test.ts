import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestRecord, type Answered, type TestRecord } from './record.ts'

let record: TestRecord

beforeAll(async () => {
  record = await startTestRecord()
  await record.send('PUT', 'Patient/p1', {
    resourceType: 'Patient',
    id: 'p1',
    name: [{ family: 'Ito' }],
    gender: 'female',
  })
  await record.send('PUT', 'Observation/o1', {
    resourceType: 'Observation',
    id: 'o1',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: 'Patient/p1' },
  })
})
afterAll(() => record.stop())

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const found = (json: Answered) => (json.entry ?? []).map((entry: Answered) => entry.resource.id).toSorted()

test.each([
  ['Patient/_search', 'family=ito', ['p1']],
  ['Patient/_search?gender=female', 'family=ito', ['p1']],
  ['Patient/_search?gender=male', 'family=ito', []],
  ['_search', '_type=Patient,Observation', ['o1', 'p1']],
  ['_search?_type=Observation', '', ['o1']],
  ['Patient/p1/Observation/_search', 'code:text=heart', ['o1']],
  ['Patient/p1/*/_search', '_type=Observation', ['o1']],
])('POST %s with the form %s is the same search as GET', async (path, form, expected) => {
  const posted = await record.send('POST', path, form, FORM)
  expect([posted.status, found(posted.json)]).toEqual([200, expected])
  const [base = '', query = ''] = path.split('?')
  const asked = await record.send(
    'GET',
    `${base.replace(/\/?_search$/, '')}?${[query, form].filter((part) => part !== '').join('&')}`,
  )
  expect(found(asked.json)).toEqual(expected)
  expect(posted.json.link).toEqual(asked.json.link)
})

test('handling=lenient leaves out what is not supported and the self link says so, handling=strict and nothing refuse it', async () => {
  for (const headers of [{}, { prefer: 'handling=strict' }]) {
    const refused = await record.send('GET', 'Patient?family=ito&shoe-size=44', undefined, headers)
    expect([refused.status, refused.json.issue[0].expression]).toEqual([400, ['shoe-size']])
  }
  const lenient = { prefer: 'handling=lenient' }
  const { status, json } = await record.send('GET', 'Patient?family=ito&shoe-size=44', undefined, lenient)
  expect([status, found(json), json.link[0].url]).toEqual([200, ['p1'], `${record.base}/Patient?family=ito`])
  const wrong = await record.send('GET', 'Patient?birthdate=yesterday', undefined, lenient)
  expect(wrong.status).toBe(400)
})

test('searches over types and within compartments are entries of a batch, too', async () => {
  const { json } = await record.send('POST', '', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: ['?_type=Patient', 'Patient/p1/Observation', 'Patient/p1/*', 'Patient/p1/Organization'].map(
      (url) => ({ request: { method: 'GET', url } }),
    ),
  })
  expect(json.entry.map((entry: Answered) => entry.response.status.slice(0, 3))).toEqual([
    '200',
    '200',
    '200',
    '404',
  ])
  expect(json.entry.slice(0, 3).map((entry: Answered) => found(entry.resource))).toEqual([
    ['p1'],
    ['o1'],
    ['o1', 'p1'],
  ])
})
