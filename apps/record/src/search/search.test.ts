import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Refusal } from '../fhir/outcome.ts'
import type { Answered } from '../testing/record.ts'
import { openTestStore, type TestStore } from '../testing/store.ts'

let record: TestStore
const ids = (query: string) => record.ids(query).sort()

beforeAll(() => {
  record = openTestStore()
  const { put } = record
  const patient = (id: string, family: string, given: string, more: object = {}) =>
    put({ resourceType: 'Patient', id, name: [{ family, given: [given] }], ...more })
  patient('p1', 'Núñez', 'José', {
    gender: 'male',
    birthDate: '1980-05-17',
    identifier: [{ system: 'urn:mrn', value: 'A,1' }],
  })
  patient('p2', 'Nunez', 'Ana', {
    gender: 'female',
    birthDate: '1980-05',
    active: true,
    deceasedBoolean: false,
  })
  patient('p3', 'MÜLLER', 'Änne', {
    gender: 'female',
    birthDate: '1980',
    deceasedDateTime: '2020-01-01',
    generalPractitioner: [{ reference: 'Practitioner/d1' }],
  })
  patient('p4', 'Ωmega', 'Ελένη', {
    meta: { tag: [{ system: 'urn:t', code: 'vip' }], profile: ['http://x/y/z'] },
  })
  put({ resourceType: 'Practitioner', id: 'd1', name: [{ family: 'Docent' }] })
  put({ resourceType: 'Practitioner', id: 'd2', name: [{ family: 'Other' }] })
  for (let day = 1; day <= 9; day++) {
    put({
      resourceType: 'Appointment',
      id: `a${day}`,
      status: day % 2 === 0 ? 'booked' : 'cancelled',
      start: `2026-03-0${day}T09:00:00-05:00`,
      end: `2026-03-0${day}T09:30:00-05:00`,
      participant: [
        { status: 'accepted', actor: { reference: day < 6 ? 'Patient/p1' : 'http://record/Patient/p2' } },
        { status: 'accepted', actor: { reference: 'Practitioner/d1' } },
      ],
      slot: [{ reference: `Slot/s${day}` }],
    })
    put({
      resourceType: 'Slot',
      id: `s${day}`,
      status: 'busy',
      schedule: { reference: 'Schedule/c1' },
      start: `2026-03-0${day}T14:00:00Z`,
      end: `2026-03-0${day}T14:30:00Z`,
    })
  }
  put({ resourceType: 'Schedule', id: 'c1', actor: [{ reference: 'Practitioner/d1' }] })
  const observation = (id: string, value: object, more: object = {}) =>
    put({
      resourceType: 'Observation',
      id,
      status: 'final',
      subject: { reference: 'Patient/p1' },
      ...value,
      ...more,
      code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] },
    })
  observation(
    'o1',
    { valueQuantity: { value: 170, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' } },
    { effectiveDateTime: '2026-01-01T10:00:00Z' },
  )
  observation(
    'o2',
    { valueQuantity: { value: 5.4, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' } },
    { effectivePeriod: { start: '2026-01-10', end: '2026-01-20' } },
  )
  observation('o3', { valueString: 'x' }, { effectivePeriod: { start: '2026-02-01' } })
  put({
    resourceType: 'RiskAssessment',
    id: 'r1',
    status: 'final',
    subject: { reference: 'Patient/p1' },
    prediction: [{ probabilityDecimal: 0.15 }],
  })
  put({ resourceType: 'ValueSet', id: 'v1', status: 'active', url: 'http://example.org/fhir/vs/one' })
  put({
    resourceType: 'ServiceRequest',
    id: 'i1',
    status: 'active',
    intent: 'order',
    subject: { identifier: { system: 'urn:mrn', value: '9' } },
  })
})
afterAll(() => record.close())

describe('each parameter type', () => {
  test.each([
    // string: starts with, no case, no accents, any script
    ['Patient?family=nun', ['p1', 'p2']],
    ['Patient?family=NÚÑ', ['p1', 'p2']],
    ['Patient?name=anne', ['p3']],
    ['Patient?name=ελενη', ['p4']],
    ['Patient?family:exact=Nunez', ['p2']],
    ['Patient?family:contains=ull', ['p3']],
    ['Patient?name=ana,jos', ['p1', 'p2']],
    ['Patient?family=nunez&given=ana', ['p2']],
    ['Patient?family=ñ%25', []],
    // token
    ['Patient?gender=female', ['p2', 'p3']],
    ['Patient?gender:not=female', ['p1', 'p4']],
    ['Patient?gender=http://hl7.org/fhir/administrative-gender|female', []],
    ['Patient?identifier=urn:mrn|A\\,1', ['p1']],
    ['Patient?identifier=urn:mrn|', ['p1']],
    ['Patient?identifier=|A\\,1', []],
    ['Patient?active=true', ['p2']],
    ['Patient?deceased=true', ['p3']],
    ['Patient?deceased=false', ['p1', 'p2', 'p4']],
    ['Patient?gender:missing=true', ['p4']],
    ['Patient?gender:missing=false', ['p1', 'p2', 'p3']],
    ['Patient?_tag=urn:t|vip', ['p4']],
    ['Patient?_tag=urn:t%7Cvip&gender:missing=false', []],
    // date: precision and prefixes
    ['Patient?birthdate=1980', ['p1', 'p2', 'p3']],
    ['Patient?birthdate=1980-05', ['p1', 'p2']],
    ['Patient?birthdate=1980-05-17', ['p1']],
    ['Patient?birthdate=gt1980-05-17', ['p2', 'p3']],
    ['Patient?birthdate=sa1980-05-17', []],
    ['Patient?birthdate=lt1980-05-17', ['p2', 'p3']],
    ['Patient?birthdate=ne1980-05', ['p3']],
    ['Observation?date=2026-01-15', []],
    ['Observation?date=ge2026-01-15', ['o2', 'o3']],
    ['Observation?date=eb2026-01-21', ['o1', 'o2']],
    ['Observation?date=ge2030', ['o3']],
    ['Appointment?date=2026-03-03', ['a3']],
    ['Appointment?date=ge2026-03-03T14:00:00Z&date=lt2026-03-05T14:00:00Z', ['a3', 'a4']],
    ['Appointment?date=ge2026-03-09T09:00:00-05:00', ['a9']],
    ['Appointment?date=ge2026-03-09T09:00:00.001-05:00', []],
    // reference
    ['Appointment?patient=Patient/p2', ['a6', 'a7', 'a8', 'a9']],
    ['Appointment?patient=p2', ['a6', 'a7', 'a8', 'a9']],
    ['Appointment?actor:Patient=p2', ['a6', 'a7', 'a8', 'a9']],
    ['Appointment?patient=http://record/Patient/p2', ['a6', 'a7', 'a8', 'a9']],
    ['Appointment?practitioner=Patient/p2', []],
    ['Appointment?actor=Patient/p2&status=booked', ['a6', 'a8']],
    ['Appointment?actor=Patient/p2,Patient/p1&date=ge2026-03-05&date=lt2026-03-07', ['a5', 'a6']],
    ['ServiceRequest?subject:identifier=urn:mrn|9', ['i1']],
    // number, quantity, uri
    ['RiskAssessment?probability=0.15', ['r1']],
    ['RiskAssessment?probability=0.2', []],
    ['RiskAssessment?probability=gt0.1', ['r1']],
    ['Observation?value-quantity=170', ['o1']],
    ['Observation?value-quantity=170||cm', ['o1']],
    ['Observation?value-quantity=5.4|http://unitsofmeasure.org|mg', ['o2']],
    ['Observation?value-quantity=5', ['o2']],
    ['Observation?value-quantity=gt5||mg', ['o2']],
    ['Observation?value-quantity=le5.3||mg', []],
    ['ValueSet?url=http://example.org/fhir/vs/one', ['v1']],
    ['ValueSet?url:below=http://example.org/fhir', ['v1']],
    ['ValueSet?url:above=http://example.org/fhir/vs/one/more', ['v1']],
    ['Patient?_profile=http://x/y/z', ['p4']],
    // id, lastUpdated
    ['Patient?_id=p1,p3,zzz', ['p1', 'p3']],
    ['Patient?_id=p1&gender=female', []],
    ['Patient?_lastUpdated=lt2020', []],
    ['Practitioner?_lastUpdated=ge2020', ['d1', 'd2']],
    // chains and reverse chains
    ['Appointment?patient.family=nunez&status=booked', ['a2', 'a4', 'a6', 'a8']],
    ['Appointment?actor:Patient.gender=male', ['a1', 'a2', 'a3', 'a4', 'a5']],
    ['Slot?schedule.actor:Practitioner.family=docent&start=lt2026-03-03', ['s1', 's2']],
    ['Patient?_has:Appointment:patient:status=booked', ['p1', 'p2']],
    ['Patient?_has:Appointment:patient:date=ge2026-03-08', ['p2']],
    ['Practitioner?_has:Appointment:actor:_id=a3', ['d1']],
  ])('%s finds %j', (query, expected) => {
    expect(ids(query)).toEqual(expected)
  })
})

describe('results', () => {
  test('sort by several keys in both directions, and keep the order over pages', () => {
    expect(record.ids('Appointment?_sort=status,-date&_count=2')).toEqual([
      'a8',
      'a6',
      'a4',
      'a2',
      'a9',
      'a7',
      'a5',
      'a3',
      'a1',
    ])
    expect(record.ids('Appointment?patient=Patient/p1&_sort=-date&_count=2')).toEqual([
      'a5',
      'a4',
      'a3',
      'a2',
      'a1',
    ])
    expect(record.ids('Appointment?patient=Patient/p1&_sort=date&_count=2')).toEqual([
      'a1',
      'a2',
      'a3',
      'a4',
      'a5',
    ])
    expect(record.ids('Patient?_sort=family,given&_count=1')).toEqual(['p3', 'p2', 'p1', 'p4'])
    expect(record.ids('Patient?_sort=-_id&_count=3')).toEqual(['p4', 'p3', 'p2', 'p1'])
    expect(record.ids('Observation?_sort=-_lastUpdated&_count=1')).toEqual(['o3', 'o2', 'o1'])
    expect(record.ids('Observation?_sort=value-quantity')).toEqual(['o2', 'o1', 'o3'])
  })

  test('a page between writes neither repeats nor loses what was there', () => {
    const first = record.bundle('Slot?schedule=Schedule/c1&_sort=start&_count=4')
    record.put({
      resourceType: 'Slot',
      id: 's0',
      status: 'busy',
      schedule: { reference: 'Schedule/c1' },
      start: '2026-03-01T08:00:00Z',
      end: '2026-03-01T08:10:00Z',
    })
    const next = first.link
      .find((link: Answered) => link.relation === 'next')
      .url.slice('http://record/'.length)
    expect(record.ids(next)).toEqual(['s5', 's6', 's7', 's8', 's9'])
    record.store.db.run("DELETE FROM res WHERE id = 's0'")
    record.store.db.run('DELETE FROM ix_ref WHERE r NOT IN (SELECT pk FROM res)')
  })

  test('_include, _revinclude and :iterate add each resource once and say so', () => {
    const modes = (query: string) =>
      record.bundle(query).entry.map((entry: Answered) => `${entry.resource.id}:${entry.search.mode}`)
    expect(
      modes('Appointment?_id=a1&_include=Appointment:slot&_include=Appointment:actor:Practitioner'),
    ).toEqual(['a1:match', 's1:include', 'd1:include'])
    expect(modes('Appointment?_id=a1&_include=Appointment:slot&_include:iterate=Slot:schedule')).toEqual([
      'a1:match',
      's1:include',
      'c1:include',
    ])
    expect(
      modes('Practitioner?_id=d1&_revinclude=Schedule:actor&_revinclude=Appointment:practitioner'),
    ).toHaveLength(11)
  })

  test('_total and _summary=count are exact', () => {
    expect(record.bundle('Appointment?status=booked&_summary=count')).toMatchObject({ total: 4 })
    expect(record.bundle('Appointment?status=booked&_summary=count').entry).toBeUndefined()
    expect(record.bundle('Appointment?_count=2&_total=accurate').total).toBe(9)
    expect(record.bundle('Appointment?_count=2').total).toBeUndefined()
  })

  test('_elements keeps what was asked for, the id and the version, and marks it SUBSETTED', () => {
    expect(record.bundle('Slot?_id=s1&_elements=schedule,start').entry[0].resource).toEqual({
      resourceType: 'Slot',
      id: 's1',
      meta: {
        versionId: '1',
        tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }],
      },
      schedule: { reference: 'Schedule/c1' },
      start: '2026-03-01T14:00:00Z',
    })
  })

  test('five hundred ids in one parameter are searched at once', () => {
    const many = Array.from({ length: 500 }, (_one, at) => `c${at}`).join(',')
    expect(
      ids(
        `Slot?schedule=${many}&status=busy,busy-tentative&start=ge2026-03-08&start=lt2026-04-01&_elements=start`,
      ),
    ).toEqual(['s8', 's9'])
  })

  test('the newest index rows replace the old ones when a resource changes', () => {
    record.put({ resourceType: 'Practitioner', id: 'd2', name: [{ family: 'Renamed' }] })
    expect(ids('Practitioner?family=other')).toEqual([])
    expect(ids('Practitioner?family=renamed')).toEqual(['d2'])
  })
})

describe('what is not supported', () => {
  test.each([
    'Patient?unknown=1',
    'Patient?name:phonetic=x',
    'Patient?birthdate=yesterday',
    'Patient?birthdate=2020-02-31',
    'Patient?_count=many',
    'Patient?_sort=unknown',
    'Patient?_include=*',
    'Patient?_include=Patient:name',
    'Patient?_summary=text',
    'Patient?_elements=a.b',
    'Patient?_cursor=x',
    'Observation?value-quantity=a',
    'Observation?code-value-quantity=a$b',
    'Patient?family=',
    'Patient?gender=a,,b',
    'Patient?gender:missing=perhaps',
    'Patient?_text=x',
    'Patient?organization.organization.x=1',
    'Patient?_has:Appointment:nothing:status=x',
    'RiskAssessment?probability=1e999',
  ])('%s is refused in words', (query) => {
    const refusal = refusalOf(query)
    expect(refusal.status).toBe(400)
    expect(refusal.issues[0]?.details.text.length).toBeGreaterThan(10)
  })
})

function refusalOf(query: string): Refusal {
  try {
    record.bundle(query)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('the search was not refused')
}
