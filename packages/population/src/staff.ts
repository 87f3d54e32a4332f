import type { Practitioner, PractitionerRole, Resource } from '@medplum/fhirtypes'
import { EXTENSION, SYSTEM } from '@openward/fhir-client/canonical'

import { DEMO_ACCOUNTS } from './accounts.ts'
import { addYears } from './dates.ts'
import { scheduleResource } from './facilities.ts'
import { languageConcept } from './people.ts'
import type { PopulationPlan } from './plan.ts'
import { concept, refer } from './resources.ts'
import { serviceRow } from './service-list.ts'
import { type ClinicianRow, cliniciansOf, type ClinicRole } from './staff-list.ts'
import { HOME_CLINICIANS, INTERPRETERS } from './visiting-staff-list.ts'

const ROLE_NAMES: Record<string, string> = {
  'care-manager': 'Care manager',
  clinician: 'Clinician',
  'home-clinician': 'Home clinician',
  scheduler: 'Scheduler',
  supervisor: 'Supervisor',
  'outreach-author': 'Outreach author',
  'outreach-approver': 'Outreach approver',
  'template-administrator': 'Template administrator',
  'privacy-officer': 'Privacy officer',
  auditor: 'Auditor',
  administrator: 'Administrator',
  interpreter: 'Interpreter',
}

type StaffPerson = {
  id: string
  given: string
  family: string
  prefix?: string
  gender?: 'female' | 'male' | 'other'
  title?: string
  languages: readonly string[]
}

function practitioner(person: StaffPerson): Practitioner {
  return {
    resourceType: 'Practitioner',
    id: person.id,
    active: true,
    name: [
      {
        use: 'official',
        family: person.family,
        given: [person.given],
        ...(person.prefix ? { prefix: [person.prefix] } : {}),
      },
    ],
    telecom: [{ system: 'email', value: `${person.id}@example.org`, use: 'work' }],
    ...(person.gender ? { gender: person.gender } : {}),
    ...(person.title ? { qualification: [{ code: { text: person.title } }] } : {}),
    communication: person.languages.map(languageConcept),
  }
}

function clock(minuteOfDay: number): string {
  const hours = String(Math.floor(minuteOfDay / 60)).padStart(2, '0')
  return `${hours}:${String(minuteOfDay % 60).padStart(2, '0')}:00`
}

/** What every role of one person says alike. */
function roleBase(plan: PopulationPlan, personId: string, suffix: string, code: string): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    id: `role-${personId}${suffix}`,
    active: true,
    period: { start: addYears(plan.anchorDate, -3) },
    practitioner: refer('Practitioner', personId),
    organization: refer('Organization', plan.organization),
    code: [concept(SYSTEM.role, code, ROLE_NAMES[code] ?? code)],
  }
}

function clinicRole(plan: PopulationPlan, person: ClinicianRow, role: ClinicRole): PractitionerRole {
  const suffix = role.suffix ? `-${role.suffix}` : ''
  return {
    ...roleBase(plan, person.id, suffix, 'clinician'),
    ...(role.isVideoOnly ? { extension: [{ url: EXTENSION.visitMode, valueCode: 'video' }] } : {}),
    specialty: [{ text: person.title }],
    location: [refer('Location', role.siteId)],
    healthcareService: role.services.map((code) =>
      refer('HealthcareService', `service-${code}`, serviceRow(code).name),
    ),
    availableTime: role.hours.windows.map(([from, to]) => ({
      daysOfWeek: [...role.hours.days],
      availableStartTime: clock(from),
      availableEndTime: clock(to),
    })),
  }
}

function* clinicStaff(plan: PopulationPlan): Generator<Resource> {
  for (const person of cliniciansOf(plan)) {
    yield practitioner(person)
    for (const role of person.roles) yield clinicRole(plan, person, role)
    yield scheduleResource(plan, 'practitioner', person.id)
  }
}

function* homeStaff(plan: PopulationPlan): Generator<Resource> {
  for (const person of HOME_CLINICIANS) {
    yield practitioner({ ...person, languages: ['en'] })
    yield {
      ...roleBase(plan, person.id, '', 'home-clinician'),
      specialty: [concept('https://openward.example/fhir/CodeSystem/discipline', person.code, person.title)],
      location: [refer('Location', person.siteId)],
    }
    yield scheduleResource(plan, 'practitioner', person.id)
  }
}

function* interpreters(plan: PopulationPlan): Generator<Resource> {
  for (const person of INTERPRETERS) {
    yield practitioner({ ...person, title: 'Interpreter', languages: ['en', person.language] })
    yield {
      ...roleBase(plan, person.id, '', 'interpreter'),
      location: [refer('Location', person.siteId)],
      availableTime: [
        {
          daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri'],
          availableStartTime: '08:00:00',
          availableEndTime: '18:00:00',
        },
      ],
    }
    yield scheduleResource(plan, 'practitioner', person.id)
  }
}

/** A demo account's person, when the person is not described by a list of clinicians already. */
function officePerson(name: string, id: string): StaffPerson {
  const words = name.replace(/^Dr\. /, '').split(' ')
  return { id, given: words[0] ?? name, family: words.slice(1).join(' '), languages: ['en'] }
}

/** The people of the demo accounts who work in the office: one Practitioner and one role each. */
export function* officeStaff(plan: PopulationPlan, only?: string): Generator<Resource> {
  const known = new Set([...cliniciansOf(plan), ...HOME_CLINICIANS].map(({ id }) => id))
  for (const account of DEMO_ACCOUNTS) {
    const id = account.fhirUser.split('/')[1] ?? ''
    if (account.organization !== plan.organization || !account.fhirUser.startsWith('Practitioner/')) continue
    if (known.has(id) || (only !== undefined && !account.roles.some((role) => role === only))) continue
    yield practitioner(officePerson(account.name, id))
    for (const role of account.roles) yield roleBase(plan, id, '', role)
  }
  if (plan.organization === 'lakeside') {
    yield practitioner({ id: 'lakeside-administrator', given: 'Bettina', family: 'Krol', languages: ['en'] })
    yield roleBase(plan, 'lakeside-administrator', '', 'administrator')
  }
}

/** Everyone who works here, with roles, hours and calendars. */
export function* staffResources(plan: PopulationPlan): Generator<Resource> {
  yield* clinicStaff(plan)
  if (plan.organization === 'openward') {
    yield* homeStaff(plan)
    yield* interpreters(plan)
  }
  yield* officeStaff(plan)
}
