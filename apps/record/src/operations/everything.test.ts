import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestRecord, type Answered, type TestRecord } from '../testing/record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
  for (const resource of RESOURCES) await save(resource)
})
afterAll(() => record.stop())

const patient = { reference: 'Patient/ana' }
const code = { text: 'x' }

const RESOURCES: { resourceType: string; id: string }[] = [
  { resourceType: 'Organization', id: 'clinic', name: 'C' } as never,
  { resourceType: 'Organization', id: 'unrelated', name: 'U' } as never,
  { resourceType: 'Practitioner', id: 'doctor' },
  {
    resourceType: 'Location',
    id: 'room',
    managingOrganization: { reference: 'Organization/clinic' },
  } as never,
  { resourceType: 'Schedule', id: 'calendar', actor: [{ reference: 'Practitioner/doctor' }] } as never,
  {
    resourceType: 'Patient',
    id: 'ana',
    contact: [{ organization: { reference: 'Organization/clinic' } }],
    link: [{ other: patient, type: 'seealso' }],
  } as never,
  { resourceType: 'Patient', id: 'ben' },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { code: 'AMB' },
    subject: patient,
    period: { start: '2024-02-01', end: '2024-02-03' },
    location: [{ location: { reference: 'Location/room' } }],
  } as never,
  observation('weight', '2024-02-02T10:00:00Z', { encounter: { reference: 'Encounter/visit' } }),
  observation('later', '2025-01-01', { performer: [{ reference: 'Practitioner/doctor' }, patient] }),
  observation('undated', undefined),
  observation('bens', '2024-02-02', { subject: { reference: 'Patient/ben' } }),
  {
    resourceType: 'Appointment',
    id: 'both',
    status: 'booked',
    start: '2026-01-01T10:00:00Z',
    end: '2026-01-01T10:30:00Z',
    participant: [
      { actor: patient, status: 'accepted' },
      { actor: { reference: 'Patient/ben' }, status: 'accepted' },
    ],
    supportingInformation: [{ reference: 'Schedule/calendar' }, { reference: 'Observation/bens' }],
  } as never,
  {
    resourceType: 'Condition',
    id: 'as-told',
    code,
    subject: { reference: 'Patient/ben' },
    asserter: patient,
  } as never,
]

function observation(id: string, effectiveDateTime: string | undefined, more: object = {}) {
  const date = effectiveDateTime === undefined ? {} : { effectiveDateTime }
  return { resourceType: 'Observation', id, status: 'final', code, subject: patient, ...date, ...more }
}

async function save(resource: { resourceType: string; id: string }) {
  const { status, json } = await record.send('PUT', `${resource.resourceType}/${resource.id}`, resource)
  expect([status < 300, json.issue]).toEqual([true, undefined])
}

async function pages(address: string): Promise<Answered[]> {
  const found: Answered[] = []
  for (let next: string | undefined = address; next !== undefined;) {
    const { status, json }: Answered = await record.send('GET', next)
    expect(status).toBe(200)
    found.push(json)
    next = json.link.find((link: Answered) => link.relation === 'next')?.url.slice(record.base.length + 1)
  }
  return found
}

function namesOf(bundle: Answered, mode = 'match'): string[] {
  return (bundle.entry ?? [])
    .filter((entry: Answered) => entry.search.mode === mode)
    .map((entry: Answered) => entry.fullUrl.slice(record.base.length + 1))
}

const MEMBERS = [
  'Patient/ana',
  'Encounter/visit',
  'Observation/weight',
  'Observation/later',
  'Observation/undated',
  'Appointment/both',
  'Condition/as-told',
]

test('everything of a person is their compartment, and what it refers to that is nobody’s own; never another person’s', async () => {
  const [bundle, ...more] = await pages('Patient/ana/$everything')
  expect(more).toEqual([])
  expect(bundle.type).toBe('searchset')
  expect(bundle.total).toBe(MEMBERS.length)
  expect(namesOf(bundle)).toEqual(MEMBERS)
  expect(namesOf(bundle, 'include').toSorted()).toEqual([
    'Location/room',
    'Organization/clinic',
    'Practitioner/doctor',
    'Schedule/calendar',
  ])
  const stored = (await record.send('GET', 'Observation/weight')).json
  expect(bundle.entry.find((one: Answered) => one.resource.id === 'weight').resource).toEqual(stored)
})

test('types, care dates and the last change narrow it, asked by address or by body', async () => {
  const [typed] = await pages('Patient/ana/$everything?_type=Observation,Practitioner')
  expect(namesOf(typed)).toEqual(['Observation/weight', 'Observation/later', 'Observation/undated'])
  expect(namesOf(typed, 'include')).toEqual(['Practitioner/doctor'])
  const february = [
    'Patient/ana',
    'Encounter/visit',
    'Observation/weight',
    'Observation/undated',
    'Condition/as-told',
  ]
  const [dated] = await pages('Patient/ana/$everything?start=2024-02&end=2024-02-02')
  expect(namesOf(dated)).toEqual([...february.slice(0, 4), 'Condition/as-told'])
  const [evening] = await pages('Patient/ana/$everything?start=2024-02-03&end=2024-02-03')
  expect(namesOf(evening)).toEqual(february.filter((name) => name !== 'Observation/weight'))
  const asked = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'start', valueDate: '2024-02' },
      { name: 'end', valueDate: '2024-02-02' },
      { name: '_type', valueCode: 'Encounter' },
      { name: '_type', valueCode: 'Observation' },
    ],
  }
  const posted = await record.send('POST', 'Patient/ana/$everything', asked)
  expect(namesOf(posted.json)).toEqual(['Encounter/visit', 'Observation/weight', 'Observation/undated'])
  const { lastUpdated } = (await record.send('GET', 'Appointment/both')).json.meta
  const [recent] = await pages(`Patient/ana/$everything?_since=${encodeURIComponent(lastUpdated)}`)
  expect(namesOf(recent)).toContain('Appointment/both')
  expect(namesOf(recent)).not.toContain('Patient/ana')
  await save({ resourceType: 'Patient', id: 'ana', active: true } as never)
  const [changed] = await pages(`Patient/ana/$everything?_since=${encodeURIComponent(lastUpdated)}`)
  expect(namesOf(changed)[0]).toBe('Patient/ana')
  expect((await pages('Patient/ana/$everything?_since=2100-01-01T00:00:00Z'))[0].entry).toBeUndefined()
})

test('pages hold everything once, whatever is written between two of them', async () => {
  for (const size of [1, 2, 3]) {
    const found = (await pages(`Patient/ana/$everything?_count=${size}`)).flatMap((page) => namesOf(page))
    expect(found).toEqual(MEMBERS)
  }
  const first = (await record.send('GET', 'Patient/ana/$everything?_count=3')).json
  const next = first.link[1].url.slice(record.base.length + 1)
  await save(observation('undated', '2020-01-01') as never)
  await save(observation('weight', '2027-01-01') as never)
  await save(observation('new', '2019-01-01') as never)
  const rest = (await pages(next)).flatMap((page) => namesOf(page))
  expect(rest).toEqual([...MEMBERS.slice(3), 'Observation/new'])
  await record.send('DELETE', 'Observation/new')
  expect((await pages(next)).flatMap((page) => namesOf(page))).toEqual(MEMBERS.slice(3))
})

test('everything of a visit is what names it, with its person and places', async () => {
  await save(
    observation('weight', '2024-02-02T10:00:00Z', { encounter: { reference: 'Encounter/visit' } }) as never,
  )
  const [bundle] = await pages('Encounter/visit/$everything')
  expect(namesOf(bundle)).toEqual(['Encounter/visit', 'Observation/weight'])
  expect(namesOf(bundle, 'include').toSorted()).toEqual(['Location/room', 'Patient/ana'])
})

test('what cannot be answered is refused in words', async () => {
  const refused: [string, number][] = [
    ['Patient/nobody/$everything', 404],
    ['Patient/$everything', 404],
    ['Observation/weight/$everything', 404],
    ['Patient/ana/$everything?_type=Robot', 400],
    ['Patient/ana/$everything?start=soon', 400],
    ['Patient/ana/$everything?start=2024-02-02&end=2024-02-01', 400],
    ['Patient/ana/$everything?_since=2024', 400],
    ['Patient/ana/$everything?_count=0', 400],
    ['Patient/ana/$everything?_cursor=WyJ4Il0', 400],
    ['Patient/ana/$everything?_cursor=Wy05XQ', 400],
    ['Patient/ana/$everything?other=1', 400],
  ]
  for (const [address, status] of refused) {
    const answer = await record.send('GET', address)
    expect([address, answer.status, answer.json.resourceType]).toEqual([address, status, 'OperationOutcome'])
  }
  expect((await record.send('PUT', 'Patient/ana/$everything', {})).status).toBe(405)
  expect((await record.send('POST', 'Patient/ana/$everything', { resourceType: 'Patient' })).status).toBe(400)
  const lenient = await record.send('GET', 'Patient/ana/$everything?other=1', undefined, {
    prefer: 'handling=lenient',
  })
  expect(lenient.status).toBe(200)
  await record.send('DELETE', 'Patient/ben')
  expect((await record.send('GET', 'Patient/ben/$everything')).status).toBe(410)
  const { json } = await record.send('GET', 'metadata')
  const named = json.rest[0].resource.find((one: Answered) => one.type === 'Patient').operation
  expect(named).toContainEqual({
    name: 'everything',
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  })
})
