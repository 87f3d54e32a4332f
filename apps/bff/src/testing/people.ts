import type { Resource } from '@medplum/fhirtypes'

import type { TestPerson } from './harness.ts'

/** Stands in everything that someone must not see. */
export const CANARY = 'canary-4d1c9e'

export const PATIENT_A: TestPerson = { fhirUser: 'Patient/a', roles: ['patient'] }
export const PATIENT_B: TestPerson = { fhirUser: 'Patient/b', roles: ['patient'] }
export const PROXY: TestPerson = { fhirUser: 'Person/proxy', roles: ['patient'] }
export const SCHEDULER: TestPerson = { fhirUser: 'Practitioner/scheduler', roles: ['scheduler'] }
export const CLINICIAN: TestPerson = { fhirUser: 'Practitioner/clinician', roles: ['clinician'] }
export const ADMINISTRATOR: TestPerson = { fhirUser: 'Practitioner/administrator', roles: ['administrator'] }
export const LAKESIDE_SCHEDULER: TestPerson = {
  fhirUser: 'Practitioner/lakeside',
  roles: ['scheduler'],
  organization: 'lakeside',
}

type Stored = Resource & { id: string }

function practitioner(id: string): Stored {
  return {
    resourceType: 'Practitioner',
    id,
    active: true,
    name: [{ family: id }],
    birthDate: '1980-01-01',
    telecom: [{ system: 'phone', value: `${CANARY}-${id}` }],
  }
}

function recordOf(patientId: string, mark: string): Stored[] {
  const subject = { reference: `Patient/${patientId}` }
  return [
    {
      resourceType: 'Patient',
      id: patientId,
      active: true,
      birthDate: '1985-05-05',
      name: [{ use: 'official', family: mark }],
      identifier: [{ system: 'urn:mrn', value: mark }],
    },
    {
      resourceType: 'Observation',
      id: `o-${patientId}`,
      status: 'final',
      code: { text: mark },
      subject,
      performer: [{ reference: 'Practitioner/clinician' }],
    },
    { resourceType: 'Condition', id: `c-${patientId}`, code: { text: mark }, subject },
    {
      resourceType: 'Appointment',
      id: `v-${patientId}`,
      status: 'booked',
      start: '2027-03-01T09:00:00Z',
      end: '2027-03-01T09:30:00Z',
      comment: mark,
      participant: [
        { actor: subject, status: 'accepted' },
        { actor: { reference: 'Practitioner/clinician' }, status: 'accepted' },
      ],
    },
  ]
}

function proxyOf(wardId: string, consent: { end: string; types: string[] }): Stored[] {
  const related = `rp-${wardId}`
  return [
    {
      resourceType: 'RelatedPerson',
      id: related,
      active: true,
      patient: { reference: `Patient/${wardId}` },
      relationship: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'CHILD' }] },
      ],
    },
    {
      resourceType: 'Consent',
      id: `consent-${wardId}`,
      status: 'active',
      scope: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
      },
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'INFA' }] }],
      patient: { reference: `Patient/${wardId}` },
      policyRule: { text: 'proxy' },
      provision: {
        type: 'permit',
        period: { start: '2020-01-01', end: consent.end },
        actor: [{ role: { text: 'proxy' }, reference: { reference: `RelatedPerson/${related}` } }],
        ...(consent.types.length > 0
          ? { class: consent.types.map((code) => ({ system: 'http://hl7.org/fhir/resource-types', code })) }
          : {}),
      },
    },
  ]
}

/** Two patients, a proxy with one ward within limits and one whose proxy has ended, staff, and a site. */
export const RESOURCES: readonly Stored[] = [
  practitioner('scheduler'),
  practitioner('clinician'),
  practitioner('administrator'),
  { resourceType: 'Location', id: 'site', status: 'active', name: 'Harbor Street' },
  {
    resourceType: 'Schedule',
    id: 'calendar-practitioner-clinician',
    active: true,
    actor: [{ reference: 'Practitioner/clinician' }],
  },
  {
    resourceType: 'Slot',
    id: 'taken',
    status: 'busy',
    schedule: { reference: 'Schedule/calendar-practitioner-clinician' },
    start: '2027-03-01T09:00:00Z',
    end: '2027-03-01T09:30:00Z',
  },
  ...recordOf('a', 'mark-of-a'),
  ...recordOf('b', `${CANARY}-b`),
  ...recordOf('kid', 'mark-of-kid'),
  ...recordOf('grown', `${CANARY}-grown`),
  ...proxyOf('kid', { end: '2099-01-01', types: ['Appointment', 'Observation'] }),
  ...proxyOf('grown', { end: '2021-01-01', types: [] }),
  {
    resourceType: 'Person',
    id: 'proxy',
    active: true,
    link: [
      { target: { reference: 'RelatedPerson/rp-kid' } },
      { target: { reference: 'RelatedPerson/rp-grown' } },
    ],
  },
]

/** What the other organisation holds: the same ids, and more. */
export const LAKESIDE_RESOURCES: readonly Stored[] = [
  practitioner('lakeside'),
  { resourceType: 'Patient', id: 'only-lakeside', active: true, name: [{ family: `${CANARY}-lakeside` }] },
]
