import type { Consent, Patient, Person, RelatedPerson, Resource } from '@medplum/fhirtypes'
import { SYSTEM } from '@openward/fhir-client/canonical'

import { addDays, addYears } from './dates.ts'
import { addressNear, languageConcept, phoneOf } from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { randomFor } from './random.ts'
import { concept, refer } from './resources.ts'
import { sitesOf } from './site-list.ts'

type StoryPerson = {
  id: string
  name: Patient['name']
  gender: 'female' | 'male'
  birthDate: string
  language?: string
}

function storyPatient(plan: PopulationPlan, { id, name, gender, birthDate, language }: StoryPerson): Patient {
  const site = sitesOf(plan)[0]
  if (!site) throw new Error('An organization needs a site')
  const random = randomFor(plan.seed, plan.organization, id)
  return {
    resourceType: 'Patient',
    id,
    identifier: [
      {
        use: 'usual',
        system: 'https://openward.example/medical-record-number',
        value: id.replace('demo-', '').toUpperCase(),
      },
    ],
    active: true,
    name: name ?? [],
    telecom: [
      { system: 'phone', value: phoneOf(site.areaCode, random), use: 'mobile' },
      { system: 'email', value: `${id}@example.org` },
    ],
    gender,
    birthDate,
    address: [addressNear(site, random)],
    communication: [{ language: languageConcept(language ?? 'en'), preferred: true }],
    ...(plan.organization === 'openward'
      ? { generalPractitioner: [refer('Practitioner', 'demo-clinician')] }
      : {}),
    managingOrganization: refer('Organization', plan.organization),
  }
}

function named(given: string, family: string): Patient['name'] {
  return [{ use: 'official', family, given: [given] }]
}

function openwardPatients(plan: PopulationPlan): Patient[] {
  const aged = (years: number, days: number) => addYears(addDays(plan.anchorDate, -days), -years)
  const patients: StoryPerson[] = [
    { id: 'demo-patient', name: named('Maya', 'Thornton'), gender: 'female', birthDate: aged(44, 120) },
    {
      id: 'demo-patient2',
      name: [
        { use: 'official', text: 'رافائيل أورتيغا', family: 'أورتيغا', given: ['رافائيل'] },
        { use: 'usual', family: 'Ortega', given: ['Rafael'] },
      ],
      gender: 'male',
      birthDate: aged(36, 30),
      language: 'es',
    },
    { id: 'demo-proxy-child', name: named('Emil', 'Brandt'), gender: 'male', birthDate: aged(9, 140) },
    { id: 'demo-proxy-teenager', name: named('Lotte', 'Brandt'), gender: 'female', birthDate: aged(15, 75) },
    {
      id: 'demo-proxy-mother',
      name: named('Margarethe', 'Brandt'),
      gender: 'female',
      birthDate: aged(79, 210),
    },
    { id: 'demo-proxy-former', name: named('Walter', 'Hagen'), gender: 'male', birthDate: aged(83, 12) },
  ]
  return patients.map((person) => storyPatient(plan, person))
}

type Relation = {
  key: 'child' | 'teenager' | 'mother' | 'former'
  /** The proxy's relationship to the person cared for, as a v3-RoleCode. */
  role: readonly [code: string, text: string]
  /** Resource types the consent allows; none means all. */
  types: readonly string[]
  startDays: number
  endDays?: number
}

const BOOKING_TYPES = ['Patient', 'Appointment', 'Schedule', 'Slot'] as const

const RELATIONS: readonly Relation[] = [
  { key: 'child', role: ['MTH', 'mother'], types: [], startDays: -900 },
  {
    key: 'teenager',
    role: ['MTH', 'mother'],
    types: [...BOOKING_TYPES, 'Immunization', 'AllergyIntolerance'],
    startDays: -900,
  },
  { key: 'mother', role: ['DAUC', 'daughter'], types: BOOKING_TYPES, startDays: -200, endDays: 20 },
  { key: 'former', role: ['DOMPART', 'domestic partner'], types: [], startDays: -800, endDays: -45 },
]

function periodOf(plan: PopulationPlan, relation: Relation): { start: string; end?: string } {
  const start = addDays(plan.anchorDate, relation.startDays)
  return relation.endDays === undefined
    ? { start }
    : { start, end: addDays(plan.anchorDate, relation.endDays) }
}

function relatedPerson(plan: PopulationPlan, relation: Relation): RelatedPerson {
  const [code, text] = relation.role
  return {
    resourceType: 'RelatedPerson',
    id: `demo-proxy-for-${relation.key}`,
    active: relation.key !== 'former',
    patient: refer('Patient', `demo-proxy-${relation.key}`),
    relationship: [concept('http://terminology.hl7.org/CodeSystem/v3-RoleCode', code, text)],
    name: [{ use: 'official', family: 'Brandt', given: ['Helen'] }],
    telecom: [{ system: 'phone', value: '+1-212-555-0148', use: 'mobile' }],
    gender: 'female',
    period: periodOf(plan, relation),
  }
}

function consent(plan: PopulationPlan, relation: Relation): Consent {
  const types = relation.types.map((code) => ({ system: SYSTEM.resourceTypes, code }))
  return {
    resourceType: 'Consent',
    id: `demo-proxy-consent-${relation.key}`,
    status: relation.key === 'former' ? 'inactive' : 'active',
    scope: concept(
      'http://terminology.hl7.org/CodeSystem/consentscope',
      'patient-privacy',
      'Privacy Consent',
    ),
    category: [concept('http://loinc.org', '59284-0', 'Consent Document')],
    patient: refer('Patient', `demo-proxy-${relation.key}`),
    dateTime: addDays(plan.anchorDate, relation.startDays),
    organization: [refer('Organization', plan.organization)],
    policyRule: concept('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'OPTIN', 'opt-in'),
    provision: {
      type: 'permit',
      period: periodOf(plan, relation),
      actor: [
        {
          role: concept('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'PRN', 'parent or proxy'),
          reference: refer('RelatedPerson', `demo-proxy-for-${relation.key}`),
        },
      ],
      ...(types.length > 0 ? { class: types } : {}),
    },
  }
}

/** Patients with an account, and the people whom the proxy cares for. */
export function storyPatients(plan: PopulationPlan): Patient[] {
  if (plan.organization === 'openward') return openwardPatients(plan)
  const birthDate = addYears(addDays(plan.anchorDate, -200), -52)
  const name = named('Joy', 'Whitfield')
  return [storyPatient(plan, { id: 'demo-lakeside-patient', name, gender: 'female', birthDate })]
}

/** The proxy: one Person, four relations of which three hold, and the consents that limit them. */
export function* proxyResources(plan: PopulationPlan): Generator<Resource> {
  if (plan.organization !== 'openward') return
  for (const relation of RELATIONS) yield relatedPerson(plan, relation)
  const person: Person = {
    resourceType: 'Person',
    id: 'demo-proxy',
    active: true,
    name: [{ use: 'official', family: 'Brandt', given: ['Helen'] }],
    telecom: [
      { system: 'phone', value: '+1-212-555-0148', use: 'mobile' },
      { system: 'email', value: 'demo-proxy@example.org' },
    ],
    gender: 'female',
    birthDate: addYears(addDays(plan.anchorDate, -50), -43),
    link: RELATIONS.map(({ key }) => ({
      target: refer('RelatedPerson', `demo-proxy-for-${key}`),
      assurance: 'level3',
    })),
  }
  yield person
  for (const relation of RELATIONS) yield consent(plan, relation)
}
