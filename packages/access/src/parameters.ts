import type { ResourceType } from '@medplum/fhirtypes'

import type { Role } from './caller.ts'

const COMMON = ['_id', '_lastUpdated']
const CLINICAL = ['patient', 'status', 'code', 'date', 'category']

/** Search parameters that a type takes. A modifier is part of the name and listed only where it cannot be used to guess. */
const PARAMETERS: Partial<Record<ResourceType, readonly string[]>> = {
  ActivityDefinition: ['status', 'name', 'title', 'url'],
  AllergyIntolerance: ['patient', 'clinical-status', 'code', 'category', 'criticality'],
  Appointment: [
    'actor',
    'appointment-type',
    'date',
    'identifier',
    'location',
    'patient',
    'practitioner',
    'service-type',
    'slot',
    'status',
    'status:not',
  ],
  AuditEvent: ['action', 'agent', 'date', 'entity', 'outcome', 'patient', 'subtype', 'type'],
  CarePlan: [
    'patient',
    'status',
    'category',
    'date',
    'care-team',
    'condition',
    'goal',
    'instantiates-canonical',
  ],
  CareTeam: ['patient', 'participant', 'status', 'category'],
  Communication: ['patient', 'subject', 'status', 'category', 'sent', 'recipient', 'sender'],
  CommunicationRequest: ['patient', 'subject', 'status', 'category', 'occurrence'],
  Condition: ['patient', 'category', 'clinical-status', 'code', 'onset-date', 'recorded-date'],
  Consent: ['patient', 'actor', 'status', 'period', 'category'],
  Coverage: ['patient', 'beneficiary', 'status'],
  DiagnosticReport: CLINICAL,
  DocumentReference: ['patient', 'status', 'type', 'category', 'date'],
  Encounter: ['patient', 'date', 'class', 'status', 'participant', 'practitioner', 'appointment'],
  FamilyMemberHistory: ['patient', 'status', 'date'],
  Flag: ['patient', 'date'],
  Goal: ['patient', 'lifecycle-status', 'category', 'start-date', 'target-date'],
  Group: ['type', 'actual', 'identifier', 'code'],
  HealthcareService: [
    'active',
    'location',
    'name',
    'name:contains',
    'organization',
    'service-type',
    'specialty',
    'identifier',
  ],
  Immunization: ['patient', 'status', 'date', 'vaccine-code'],
  Location: [
    'name',
    'name:contains',
    'partof',
    'organization',
    'status',
    'type',
    'address-city',
    'identifier',
  ],
  MedicationAdministration: ['patient', 'status', 'code', 'effective-time'],
  MedicationDispense: ['patient', 'status', 'code', 'whenhandedover'],
  MedicationRequest: ['patient', 'status', 'intent', 'code', 'authoredon'],
  MedicationStatement: ['patient', 'status', 'code', 'effective'],
  Observation: CLINICAL,
  Organization: ['name', 'name:contains', 'identifier', 'active'],
  Patient: [
    'name',
    'name:contains',
    'family',
    'given',
    'birthdate',
    'identifier',
    'phone',
    'email',
    'active',
    'general-practitioner',
  ],
  PlanDefinition: ['status', 'name', 'title', 'url', 'type'],
  Practitioner: ['name', 'name:contains', 'identifier', 'active', 'communication'],
  PractitionerRole: ['practitioner', 'location', 'service', 'organization', 'active', 'specialty', 'role'],
  Procedure: ['patient', 'status', 'code', 'date', 'category'],
  Provenance: ['target', 'agent', 'recorded'],
  Questionnaire: ['status', 'url', 'name', 'title'],
  QuestionnaireResponse: ['patient', 'subject', 'status', 'questionnaire', 'authored'],
  RelatedPerson: ['patient', 'identifier', 'active'],
  Schedule: ['actor', 'active', 'date'],
  ServiceRequest: ['patient', 'status', 'intent', 'code', 'category', 'authored', 'performer'],
  Slot: ['schedule', 'start', 'status', 'status:not', 'service-type', 'identifier'],
  Task: ['patient', 'status', 'owner', 'code', 'requester', 'period', 'focus'],
}

/** Parameters that a role may not use although the type has them: they would answer questions about masked fields. */
const WITHHELD: Partial<Record<Role, Partial<Record<ResourceType, readonly string[]>>>> = {
  patient: {
    Practitioner: ['identifier'],
    Patient: [
      'name',
      'name:contains',
      'family',
      'given',
      'birthdate',
      'identifier',
      'phone',
      'email',
      'active',
      'general-practitioner',
    ],
  },
  'outreach-author': { Patient: ['identifier', 'general-practitioner'] },
  'outreach-approver': { Patient: ['identifier', 'general-practitioner'] },
}

/** What a search may bring along, by the type that is searched. Each resource is released by itself. */
const INCLUDES: Partial<Record<ResourceType, readonly string[]>> = {
  Appointment: [
    'Appointment:actor',
    'Appointment:location',
    'Appointment:patient',
    'Appointment:practitioner',
    'Appointment:slot',
  ],
  CareTeam: ['CareTeam:patient', 'CareTeam:participant'],
  Consent: ['Consent:patient'],
  Encounter: ['Encounter:appointment', 'Encounter:patient'],
  HealthcareService: ['HealthcareService:location'],
  Location: ['Location:organization', 'Location:partof'],
  Observation: ['Observation:patient'],
  PractitionerRole: [
    'PractitionerRole:location',
    'PractitionerRole:practitioner',
    'PractitionerRole:service',
    'PractitionerRole:organization',
  ],
  RelatedPerson: ['RelatedPerson:patient'],
  Schedule: ['Schedule:actor'],
  Slot: ['Slot:schedule'],
}

const REVERSE_INCLUDES: Partial<Record<ResourceType, readonly string[]>> = {
  Appointment: ['Encounter:appointment'],
  HealthcareService: ['PractitionerRole:service'],
  Location: ['Location:partof', 'PractitionerRole:location'],
  Patient: [
    'Appointment:patient',
    'Consent:patient',
    'Encounter:patient',
    'Observation:patient',
    'RelatedPerson:patient',
  ],
  Practitioner: ['PractitionerRole:practitioner', 'Schedule:actor'],
  Schedule: ['Slot:schedule'],
}

/** Names a caller with these roles may search a type by, modifiers included; any of the roles is enough. */
export function searchParametersFor(type: ResourceType, roles: readonly Role[]): string[] {
  const names = PARAMETERS[type] ?? []
  const allowed = names.filter((name) => roles.some((role) => !WITHHELD[role]?.[type]?.includes(name)))
  return [...COMMON, ...allowed]
}

/** Names for `_include` and `_revinclude` of a type. */
export function includesOf(type: ResourceType): {
  include: readonly string[]
  revinclude: readonly string[]
} {
  return { include: INCLUDES[type] ?? [], revinclude: REVERSE_INCLUDES[type] ?? [] }
}
