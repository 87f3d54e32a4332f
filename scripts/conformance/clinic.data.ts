import type { Resource } from '@medplum/fhirtypes'
import { CANONICAL } from '@openward/fhir-client/canonical'

export const IDENTIFIER = `${CANONICAL}/conformance`
/** A sign-in's issuer and subject may hold what separates values in a search. */
export const SUBJECT = 'a,b|c$d'
const CODES = `${CANONICAL}/CodeSystem/conformance`
const DAY = '2041-05-06'

export const CLINIC_KEYS = [
  'organization',
  'site',
  'room',
  'service',
  'ada',
  'ben',
  'adaRole',
  'benRole',
  'nora',
  'omar',
  'guardian',
  'person',
  'consent',
  'careTeam',
  'adaCalendar',
  'roomCalendar',
  'noraCalendar',
  'taken',
  'held',
  'leave',
  'open',
  'booked',
  'pending',
  'cancelled',
  'elsewhere',
  'referral',
  'encounter',
  'weight',
  'pulse',
  'condition',
  'questionnaire',
  'group',
] as const
export type ClinicKey = (typeof CLINIC_KEYS)[number]

type Ids = Record<ClinicKey, string>
type Part = Resource & { key: ClinicKey }

function code(text: string) {
  return { coding: [{ system: CODES, code: text }] }
}

function ref(type: string, id: string) {
  return { reference: `${type}/${id}` }
}

/** A moment of the day of the visits. */
export function at(time: string): string {
  return `${DAY}T${time}Z`
}

function people(run: string, ids: Ids): Part[] {
  const nora = ref('Patient', ids.nora)
  return [
    {
      key: 'ada',
      resourceType: 'Practitioner',
      active: true,
      name: [{ family: `${run}Lovelace`, given: ['Ada'] }],
      identifier: [{ system: IDENTIFIER, value: `${run}-ada` }],
    },
    {
      key: 'ben',
      resourceType: 'Practitioner',
      active: true,
      name: [{ family: `${run}Ito`, given: ['Ben'] }],
    },
    {
      key: 'nora',
      resourceType: 'Patient',
      active: true,
      name: [{ family: `${run}Núñez`, given: ['Nora'] }],
      birthDate: '1980-02-29',
      identifier: [{ system: IDENTIFIER, value: `${run}-nora` }],
    },
    {
      key: 'omar',
      resourceType: 'Patient',
      active: true,
      name: [{ family: `${run}Haddad`, given: ['Omar'] }],
      birthDate: '1975-07-01',
    },
    { key: 'guardian', resourceType: 'RelatedPerson', active: true, patient: nora },
    {
      key: 'person',
      resourceType: 'Person',
      active: true,
      identifier: [{ system: IDENTIFIER, value: `${run}${SUBJECT}` }],
      link: [{ target: nora }, { target: ref('RelatedPerson', ids.guardian) }],
    },
    {
      key: 'consent',
      resourceType: 'Consent',
      status: 'active',
      scope: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
      },
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'INFA' }] }],
      patient: nora,
      policyRule: { text: 'conformance' },
      provision: {
        type: 'permit',
        actor: [{ role: { text: 'proxy' }, reference: ref('RelatedPerson', ids.guardian) }],
      },
    },
    {
      key: 'careTeam',
      resourceType: 'CareTeam',
      status: 'active',
      subject: nora,
      participant: [{ member: ref('Practitioner', ids.ada) }],
    },
    {
      key: 'group',
      resourceType: 'Group',
      type: 'person',
      actual: true,
      identifier: [{ system: IDENTIFIER, value: `${run}-group` }],
    },
  ]
}

function places(run: string, ids: Ids): Part[] {
  const role = (practitioner: string, what: string) => ({
    resourceType: 'PractitionerRole' as const,
    active: true,
    practitioner: ref('Practitioner', practitioner),
    location: [ref('Location', ids.site)],
    healthcareService: [ref('HealthcareService', ids.service)],
    code: [code(`${run}-${what}`)],
  })
  return [
    { key: 'organization', resourceType: 'Organization', active: true, name: `${run} Clinics` },
    {
      key: 'site',
      resourceType: 'Location',
      status: 'active',
      name: `${run} Harbor Street`,
      managingOrganization: ref('Organization', ids.organization),
    },
    {
      key: 'room',
      resourceType: 'Location',
      status: 'active',
      name: `${run} Room 1`,
      partOf: ref('Location', ids.site),
    },
    {
      key: 'service',
      resourceType: 'HealthcareService',
      active: true,
      name: `${run} Check-up`,
      type: [code(`${run}-check-up`)],
      location: [ref('Location', ids.site)],
    },
    { key: 'adaRole', ...role(ids.ada, 'clinician') },
    { key: 'benRole', ...role(ids.ben, 'interpreter') },
    { key: 'adaCalendar', resourceType: 'Schedule', active: true, actor: [ref('Practitioner', ids.ada)] },
    { key: 'roomCalendar', resourceType: 'Schedule', active: true, actor: [ref('Location', ids.room)] },
    { key: 'noraCalendar', resourceType: 'Schedule', active: true, actor: [ref('Patient', ids.nora)] },
    {
      key: 'questionnaire',
      resourceType: 'Questionnaire',
      status: 'active',
      url: `${CANONICAL}/Questionnaire/${run}`,
      title: run,
    },
  ]
}

function times(run: string, ids: Ids): Part[] {
  const schedule = ref('Schedule', ids.adaCalendar)
  const participant = (...references: { reference: string }[]) =>
    references.map((actor) => ({ actor, status: 'accepted' as const }))
  const [ada, nora, site] = [
    ref('Practitioner', ids.ada),
    ref('Patient', ids.nora),
    ref('Location', ids.site),
  ]
  const visit = { resourceType: 'Appointment' as const, serviceType: [code(`${run}-check-up`)] }
  return [
    {
      key: 'taken',
      resourceType: 'Slot',
      status: 'busy',
      schedule,
      start: at('10:00:00.000'),
      end: at('10:30:00.000'),
    },
    {
      key: 'held',
      resourceType: 'Slot',
      status: 'busy-tentative',
      schedule,
      start: at('11:00:00.001'),
      end: at('11:30:00.001'),
    },
    {
      key: 'leave',
      resourceType: 'Slot',
      status: 'busy-unavailable',
      schedule,
      start: '2041-05-03T00:00:00Z',
      end: at('23:00:00.000'),
    },
    {
      key: 'open',
      resourceType: 'Slot',
      status: 'free',
      schedule,
      start: at('14:00:00.000'),
      end: at('14:30:00.000'),
    },
    {
      key: 'booked',
      ...visit,
      status: 'booked',
      identifier: [{ system: IDENTIFIER, value: `${run}-booked` }],
      start: at('10:00:00.000'),
      end: at('10:30:00.000'),
      slot: [ref('Slot', ids.taken)],
      participant: participant(nora, ada, site),
    },
    {
      key: 'pending',
      ...visit,
      status: 'pending',
      start: at('12:00:00.000'),
      end: at('12:30:00.000'),
      participant: participant(nora, ada),
    },
    {
      key: 'cancelled',
      ...visit,
      status: 'cancelled',
      start: at('13:00:00.000'),
      end: at('13:30:00.000'),
      participant: participant(nora, ada, site),
    },
    {
      key: 'elsewhere',
      ...visit,
      status: 'arrived',
      start: at('09:00:00.000'),
      end: at('09:30:00.000'),
      participant: participant(ref('Patient', ids.omar), ref('Practitioner', ids.ben)),
    },
  ]
}

function clinical(run: string, ids: Ids): Part[] {
  const subject = ref('Patient', ids.nora)
  const category = [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
    },
  ]
  const observation = { resourceType: 'Observation' as const, status: 'final' as const, category, subject }
  return [
    {
      key: 'referral',
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject,
      code: code(`${run}-referral`),
    },
    {
      key: 'encounter',
      resourceType: 'Encounter',
      status: 'planned',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HH' },
      subject,
      appointment: [ref('Appointment', ids.booked)],
      period: { start: at('10:00:00.000') },
    },
    {
      key: 'weight',
      ...observation,
      code: code(`${run}-weight`),
      effectiveDateTime: '2041-05-01',
      valueQuantity: { value: 61.5, unit: 'kg' },
    },
    {
      key: 'pulse',
      ...observation,
      code: code(`${run}-pulse`),
      effectiveDateTime: at('10:05:00.000'),
      valueQuantity: { value: 70, unit: '/min' },
    },
    {
      key: 'condition',
      resourceType: 'Condition',
      subject,
      code: code(`${run}-asthma`),
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      category: [
        {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'problem-list-item' },
          ],
        },
      ],
    },
  ]
}

export function clinicContent(run: string, ids: Ids): Part[] {
  return [...places(run, ids), ...people(run, ids), ...times(run, ids), ...clinical(run, ids)]
}
