import { openTestStore, type TestStore } from './store.ts'

/** A few people, visits and findings whose search answers are known by heart. */
export function openSearchFixture(): TestStore {
  const record = openTestStore()
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
  return record
}
