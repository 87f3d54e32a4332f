import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Refusal } from '../fhir/outcome.ts'
import { openSearchFixture } from '../testing/search-fixture.ts'
import type { TestStore } from '../testing/store.ts'

let record: TestStore
const ids = (query: string) => record.ids(query).sort()

beforeAll(() => {
  record = openSearchFixture()
  record.put({
    resourceType: 'Appointment',
    id: 'waits',
    status: 'waitlist',
    participant: [{ status: 'accepted', actor: { reference: 'Patient/p5' } }],
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
    ['Patient?family=n%25z', []],
    ['Patient?family=n_nez', []],
    ['Patient?family=nu-nez', []],
    [`Patient?family=n'unez`, ['p1', 'p2']],
    // token
    ['Patient?gender=female', ['p2', 'p3']],
    ['Patient?gender:not=female', ['p1', 'p4']],
    ['Patient?gender=http://hl7.org/fhir/administrative-gender|female', ['p2', 'p3']],
    ['Patient?gender=http://hl7.org/fhir/other|female', []],
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
    ['Appointment?actor=Patient/p5&date=lt2030', []],
    ['Appointment?actor=Patient/p5&date:missing=true', ['waits']],
    // reference
    ['Appointment?patient=Patient/p2', ['a6', 'a7', 'a8', 'a9']],
    ['Appointment?patient=p2', ['a6', 'a7', 'a8', 'a9']],
    ['Appointment?actor:Patient=p2', ['a6', 'a7', 'a8', 'a9']],
    ['Appointment?patient=http://record/Patient/p2', ['a6', 'a7', 'a8', 'a9']],
    ['Appointment?practitioner=Patient/p2', []],
    ['Appointment?actor=Patient/p2&status=booked', ['a6', 'a8']],
    ['Appointment?actor=Patient/p2,Patient/p1&date=ge2026-03-05&date=lt2026-03-07', ['a5', 'a6']],
    ['Appointment?actor=Patient/p2,Practitioner/zz&status=booked', ['a6', 'a8']],
    [
      `Patient?identifier=${Array.from({ length: 499 }, (_one, at) => `urn:x|${at}`).join(',')},urn:mrn|A\\,1`,
      ['p1'],
    ],
    [`Patient?_id=p1,${'x,'.repeat(1500)}p2`, ['p1', 'p2']],
    ['ServiceRequest?subject:identifier=urn:mrn|9', ['i1']],
    // number, quantity, uri
    ['RiskAssessment?probability=0.15', ['r1']],
    ['RiskAssessment?probability=0.2', ['r1']],
    ['RiskAssessment?probability=0.1', []],
    ['RiskAssessment?probability=0.150', ['r1']],
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
  ])('%.80s finds %j', (query, expected) => {
    expect(ids(query)).toEqual(expected)
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
    'Patient?_revinclude=*',
    'Patient?_include=*:organization',
    'Patient?_include:recurse=Patient:link',
    'Patient?_include=Patient:name',
    'Patient?_summary=some',
    'Patient?_summary=text&_include=Patient:organization',
    'Patient?_elements=a.b',
    'Patient?_cursor=x',
    'Observation?value-quantity=a',
    'Observation?code-value-quantity=a$b',
    'Observation?code-value-quantity=a',
    'Observation?code-value-quantity=a$1$2',
    'Observation?code-value-quantity:missing=true',
    'Observation?_sort=code-value-quantity',
    'Location?_sort=near',
    'Location?near=north',
    'Location?near=91|0',
    'Location?near=1|1|5|leagues',
    'Patient?identifier:of-type=a|b',
    'Patient?gender:of-type=a|b|c',
    'Patient?gender:above=male',
    'Patient?_list=$current-problems',
    'Patient?_content=x',
    'Patient?_filter=name eq x',
    'Patient?_query=x',
    'Patient?_contained=true',
    'Patient?family=',
    'Patient?gender=a,,b',
    'Patient?gender:missing=perhaps',
    'Patient?_text=x',
    'Basic?subject.subject.subject.subject.name=x',
    'Basic?subject.subject.subject.name=x',
    `Patient?family=${'a,'.repeat(600)}a`,
    `Patient?${'gender=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w&'.repeat(90)}gender=x`,
    `Patient?_sort=${'family,'.repeat(100)}family`,
    'Patient?organization.organization.x=1',
    'Patient?_has:Appointment:nothing:status=x',
    'RiskAssessment?probability=1e999',
  ])('%.80s is refused in words', (query) => {
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
