import type { ResourceType } from '@medplum/fhirtypes'
import { describe, expect, test } from 'vitest'

import { type Caller, type Role, ROLES } from './caller.ts'
import { decide, decideOperation } from './decide.ts'
import { isMasked } from './masks.ts'
import { OPERATION_TABLE, ROLE_TABLE } from './roles.ts'

const DIRECTORY = [
  'HealthcareService',
  'Location',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
]
const CLINICAL = [
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
const OTHERS = [
  'ActivityDefinition',
  'Appointment',
  'AuditEvent',
  'Basic',
  'Communication',
  'CommunicationRequest',
  'Consent',
  'Coverage',
  'Group',
  'Patient',
  'Person',
  'PlanDefinition',
  'Provenance',
  'RelatedPerson',
  'Schedule',
  'Slot',
  'Subscription',
  'Task',
]
const TYPES = [...DIRECTORY, ...CLINICAL, ...OTHERS] as ResourceType[]

/** Beyond the directory, what each role reads; the patient's own reach is `narrow`, everything else `allow`. */
const READS: Record<Role, readonly string[]> = {
  patient: [...CLINICAL, 'Appointment', 'Communication', 'Consent', 'Coverage', 'Patient', 'RelatedPerson'],
  'care-manager': [
    ...CLINICAL,
    'Appointment',
    'Communication',
    'Consent',
    'Coverage',
    'Group',
    'Patient',
    'RelatedPerson',
    'Schedule',
    'Slot',
    'Task',
  ],
  clinician: [
    ...CLINICAL,
    'Appointment',
    'Communication',
    'Consent',
    'Patient',
    'RelatedPerson',
    'Schedule',
    'Slot',
    'Task',
  ],
  'home-clinician': [...CLINICAL, 'Appointment', 'Patient', 'RelatedPerson', 'Schedule', 'Slot', 'Task'],
  scheduler: ['Appointment', 'CommunicationRequest', 'Patient', 'RelatedPerson', 'Schedule', 'Slot'],
  supervisor: [
    'Appointment',
    'CommunicationRequest',
    'Encounter',
    'Patient',
    'RelatedPerson',
    'Schedule',
    'ServiceRequest',
    'Slot',
    'Task',
  ],
  'outreach-author': ['Appointment', 'Communication', 'CommunicationRequest', 'Group', 'Patient'],
  'outreach-approver': ['Communication', 'CommunicationRequest', 'Group', 'Patient'],
  'template-administrator': ['ActivityDefinition', 'PlanDefinition'],
  'privacy-officer': ['AuditEvent', 'Consent', 'Patient', 'Provenance', 'RelatedPerson', 'Task'],
  auditor: ['AuditEvent', 'Provenance'],
  administrator: ['Appointment', 'Schedule', 'Slot'],
  worker: ['Appointment', 'CommunicationRequest', 'Schedule', 'Slot'],
}
const CREATES: Partial<Record<Role, readonly string[]>> = {
  administrator: [
    'HealthcareService',
    'Location',
    'Organization',
    'Practitioner',
    'PractitionerRole',
    'Schedule',
  ],
}
const UPDATES: Partial<Record<Role, readonly string[]>> = {
  administrator: [
    'HealthcareService',
    'Location',
    'Organization',
    'Practitioner',
    'PractitionerRole',
    'Schedule',
  ],
  patient: ['Patient'],
}
const DELETES: Partial<Record<Role, readonly string[]>> = { administrator: ['PractitionerRole'] }

function callerOf(role: Role): Caller {
  return {
    issuer: 'https://issuer.example',
    subject: 's',
    organization: 'openward',
    roles: [role],
    fhirUser: role === 'patient' ? 'Patient/a' : 'Practitioner/p',
    displayName: 'Someone',
    people: role === 'patient' ? [{ patientId: 'a', relationship: 'self', resourceTypes: ['*'] }] : [],
    authenticatedAt: undefined,
  }
}

function writeExpected(type: string, granted: readonly string[] | undefined): number | 'allow' {
  if (type === 'Appointment' || type === 'Slot') return 422
  return granted?.includes(type) ? 'allow' : 403
}

function answer(decision: ReturnType<typeof decide>): string | number {
  return decision.outcome === 'refuse' ? decision.status : decision.outcome
}

describe.each(ROLES)('the role %s', (role) => {
  const caller = callerOf(role)

  test.each(TYPES)('reads and searches %s exactly as the table says', (type) => {
    const own = role === 'patient' ? 'narrow' : 'allow'
    const expected = DIRECTORY.includes(type) ? 'allow' : READS[role].includes(type) ? own : 403
    for (const kind of ['read', 'vread', 'history'] as const) {
      expect(answer(decide(caller, { kind, type, id: 'x' }))).toBe(expected)
    }
    expect(answer(decide(caller, { kind: 'search', type, parameters: [] }))).toBe(expected)
  })

  test.each(TYPES)(
    'writes %s exactly as the table says, and visits and time through operations only',
    (type) => {
      const resource = { resourceType: type } as never
      expect(answer(decide(caller, { kind: 'create', type, resource }))).toBe(
        writeExpected(type, CREATES[role]),
      )
      expect(answer(decide(caller, { kind: 'update', type, id: 'a' }))).toBe(
        writeExpected(type, UPDATES[role]),
      )
      expect(answer(decide(caller, { kind: 'delete', type, id: 'a' }))).toBe(
        writeExpected(type, DELETES[role]),
      )
    },
  )

  test('changes no type that it sees only a part of', () => {
    const row = ROLE_TABLE.find((one) => one.role === role)
    const changed = row?.scopes.filter(({ actions }) => actions.includes('u') || actions.includes('d')) ?? []
    for (const { type } of changed) expect(type === '*' || isMasked(type, [role])).toBe(false)
  })

  test('may call an operation only where the table names the role', () => {
    for (const [key, roles] of Object.entries(OPERATION_TABLE)) {
      const [first = '', second] = key.split('/')
      const request = second === undefined ? { name: first } : { type: first as ResourceType, name: second }
      const outcome = decideOperation(caller, { ...request, patientIds: [] }).outcome
      expect(outcome !== 'refuse').toBe(roles.includes(role))
    }
    expect(decideOperation(caller, { type: 'Patient', name: '$everything', patientIds: [] }).outcome).toBe(
      'refuse',
    )
    expect(decideOperation(caller, { name: 'constructor', patientIds: [] }).outcome).toBe('refuse')
  })
})

test('a caller without any role may do nothing', () => {
  const caller = { ...callerOf('auditor'), roles: [] }
  for (const type of TYPES) expect(answer(decide(caller, { kind: 'read', type, id: 'x' }))).toBe(403)
})

test('every role has exactly one row', () => {
  expect(ROLE_TABLE.map(({ role }) => role).toSorted()).toEqual([...ROLES].toSorted())
})
