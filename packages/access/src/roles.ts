import type { ResourceType } from '@medplum/fhirtypes'

import type { Role } from './caller.ts'
import { requireScope, type Scope, type ScopeContext } from './scopes.ts'

/** How far `user/` scopes of a role reach; `patient/` scopes always reach the caller's own people only. */
type Reach = 'people' | 'organization'

/** One row of the role table. */
export type RoleRow = { role: Role; reach: Reach; scopes: readonly Scope[] }

/** Who works where and what is offered: public to everyone who signed in. */
const DIRECTORY: readonly ResourceType[] = [
  'HealthcareService',
  'Location',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
]

/** What a person is ill with, takes, plans, and what was found. */
const CLINICAL: readonly ResourceType[] = [
  'AllergyIntolerance',
  'CarePlan',
  'CareTeam',
  'Condition',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'FamilyMemberHistory',
  'Flag',
  'Goal',
  'Immunization',
  'MedicationAdministration',
  'MedicationDispense',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
  'QuestionnaireResponse',
  'ServiceRequest',
]

const CALENDAR: readonly ResourceType[] = ['Appointment', 'Schedule', 'Slot']

function scopes(context: ScopeContext, actions: string, ...types: readonly ResourceType[]): Scope[] {
  return types.map((type) => requireScope(`${context}/${type}.${actions}`))
}

function staff(role: Role, ...granted: readonly Scope[]): RoleRow {
  return { role, reach: 'organization', scopes: [...scopes('user', 'rs', ...DIRECTORY), ...granted] }
}

function readAlso(...types: readonly ResourceType[]): Scope[] {
  return scopes('user', 'rs', ...types)
}

/** The role table: everything that a role may ask for. What is not here is refused. */
export const ROLE_TABLE: readonly RoleRow[] = [
  {
    role: 'patient',
    reach: 'people',
    scopes: [
      ...scopes('user', 'rs', ...DIRECTORY),
      ...scopes('patient', 'rus', 'Patient'),
      ...scopes('patient', 'rs', ...CLINICAL),
      ...scopes('patient', 'rs', 'Appointment', 'Communication', 'Consent', 'Coverage', 'RelatedPerson'),
    ],
  },
  staff(
    'care-manager',
    ...readAlso(
      'Patient',
      ...CLINICAL,
      ...CALENDAR,
      'Communication',
      'Consent',
      'Coverage',
      'Group',
      'RelatedPerson',
      'Task',
    ),
  ),
  staff(
    'clinician',
    ...readAlso('Patient', ...CLINICAL, ...CALENDAR, 'Communication', 'Consent', 'RelatedPerson', 'Task'),
  ),
  staff('home-clinician', ...readAlso('Patient', ...CLINICAL, ...CALENDAR, 'RelatedPerson', 'Task')),
  staff('scheduler', ...readAlso('Patient', ...CALENDAR, 'CommunicationRequest', 'RelatedPerson')),
  staff(
    'supervisor',
    ...readAlso(
      'Patient',
      ...CALENDAR,
      'CommunicationRequest',
      'Encounter',
      'RelatedPerson',
      'ServiceRequest',
      'Task',
    ),
  ),
  staff(
    'outreach-author',
    ...readAlso('Patient', 'Appointment', 'Communication', 'CommunicationRequest', 'Group'),
  ),
  staff('outreach-approver', ...readAlso('Patient', 'Communication', 'CommunicationRequest', 'Group')),
  staff('template-administrator', ...readAlso('PlanDefinition', 'ActivityDefinition')),
  staff(
    'privacy-officer',
    ...readAlso('AuditEvent', 'Consent', 'Patient', 'Provenance', 'RelatedPerson', 'Task'),
  ),
  staff('auditor', ...readAlso('AuditEvent', 'Provenance')),
  staff(
    'administrator',
    ...scopes('user', 'cru', 'HealthcareService', 'Location', 'Organization', 'Practitioner'),
    ...scopes('user', 'crud', 'PractitionerRole'),
    ...scopes('user', 'crus', 'Schedule'),
    ...readAlso('Appointment', 'Slot'),
  ),
  staff('worker', ...readAlso(...CALENDAR, 'CommunicationRequest')),
]

const EVERYONE: readonly Role[] = ROLE_TABLE.map(({ role }) => role)
/** Staff who book, move and cancel visits for anybody in their organisation. Patients do it for the people in their reach; nobody else does. */
export const BOOKING_STAFF: readonly Role[] = [
  'administrator',
  'care-manager',
  'clinician',
  'scheduler',
  'supervisor',
]
const BOOKS: readonly Role[] = ['patient', ...BOOKING_STAFF]
const KEEPS_CALENDARS: readonly Role[] = [
  'administrator',
  'clinician',
  'home-clinician',
  'scheduler',
  'supervisor',
]

/** Which roles may call which operation; an operation without a row is refused to everyone. */
export const OPERATION_TABLE: Readonly<Record<string, readonly Role[]>> = {
  $whoami: EVERYONE,
  transaction: ['administrator'],
  'Appointment/$find': BOOKS,
  'Appointment/$find-days': BOOKS,
  'Appointment/$hold': BOOKS,
  'Appointment/$book': BOOKS,
  'Appointment/$series': BOOKS,
  'Appointment/$cancel': BOOKS,
  'Appointment/$reschedule': BOOKS,
  'Appointment/$release': BOOKS,
  'Appointment/$ics': BOOKS,
  'Schedule/$block': KEEPS_CALENDARS,
  'Schedule/$unblock': KEEPS_CALENDARS,
  'Location/$close': ['administrator'],
}
