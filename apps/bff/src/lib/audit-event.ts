import type { AuditEvent, AuditEventEntity } from '@medplum/fhirtypes'

import { ROLE_TABLE } from '@openward/access'

import type { Identity } from './token.ts'

/** One thing to be recorded: who did what with whose data, and how it ended. */
export type AuditEntry = {
  interaction: string
  action: 'C' | 'R' | 'U' | 'D' | 'E'
  outcome: '0' | '4' | '8'
  patientIds: readonly string[]
  /** Relative references of other resources. */
  entities?: readonly string[]
  /** The search as it was asked, without its address. */
  query?: string
}

type Agent = { identity: Identity | undefined; fhirUser: string | undefined }

const TYPE = 'http://terminology.hl7.org/CodeSystem/audit-event-type'
const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type'
const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role'
const BALP_ENTITY = 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType'
const REFERABLE = /^(Patient|Practitioner)\//

function person(patientId: string): AuditEventEntity {
  return {
    what: { reference: `Patient/${patientId}` },
    type: { system: ENTITY_TYPE, code: '1', display: 'Person' },
    role: { system: OBJECT_ROLE, code: '1', display: 'Patient' },
  }
}

/** Types that any role may ask for; a word of the caller's that is none of them is kept as a word and not as a reference. */
const ASKABLE: ReadonlySet<string> = new Set(
  ROLE_TABLE.flatMap(({ scopes }) => scopes.map(({ type }) => type)),
)

function object(reference: string): AuditEventEntity {
  const isAskable = reference.startsWith('urn:uuid:') || ASKABLE.has(reference.split('/')[0] ?? '')
  return {
    what: isAskable ? { reference } : { identifier: { value: reference } },
    type: { system: ENTITY_TYPE, code: '2', display: 'System Object' },
    role: { system: OBJECT_ROLE, code: '4', display: 'Domain Resource' },
  }
}

function agentsOf({ identity, fhirUser }: Agent): AuditEvent['agent'] {
  const who = {
    ...(fhirUser && REFERABLE.test(fhirUser) ? { reference: fhirUser } : {}),
    ...(identity
      ? { identifier: { system: identity.issuer, value: identity.subject } }
      : { display: 'unknown' }),
  }
  const human = {
    type: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/extra-security-role-type', code: 'humanuser' },
      ],
    },
    who,
    requestor: true,
    ...(identity ? { role: identity.roles.map((role) => ({ text: role })) } : {}),
  }
  const client = {
    type: {
      coding: [
        { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110150', display: 'Application' },
      ],
    },
    who: { display: identity?.clientId ?? 'unknown' },
    requestor: false,
  }
  return [human, client]
}

/**
 * An AuditEvent in the shape of IHE Basic Audit Log Patterns.
 * @see https://profiles.ihe.net/ITI/BALP/
 */
export function auditEventOf(
  entry: AuditEntry,
  agent: Agent,
  correlationId: string,
  nowMs: number,
): AuditEvent {
  const query: AuditEventEntity[] =
    entry.query === undefined
      ? []
      : [
          {
            type: { system: ENTITY_TYPE, code: '2', display: 'System Object' },
            role: { system: OBJECT_ROLE, code: '24', display: 'Query' },
            query: Buffer.from(entry.query).toString('base64'),
          },
        ]
  const others = (entry.entities ?? []).filter(
    (reference) => !entry.patientIds.includes(reference.replace(/^Patient\//, '')),
  )
  const isSignIn = entry.interaction === 'sign-in'
  return {
    resourceType: 'AuditEvent',
    type: isSignIn
      ? {
          system: 'http://dicom.nema.org/resources/ontology/DCM',
          code: '110114',
          display: 'User Authentication',
        }
      : { system: TYPE, code: 'rest', display: 'RESTful Operation' },
    ...(isSignIn
      ? {}
      : { subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: entry.interaction }] }),
    action: entry.action,
    recorded: new Date(nowMs).toISOString(),
    outcome: entry.outcome,
    agent: agentsOf(agent),
    source: {
      observer: { display: 'Openward BFF' },
      type: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
          code: '4',
          display: 'Application Server',
        },
      ],
    },
    entity: [
      ...[...new Set(entry.patientIds)].map(person),
      ...[...new Set(others)].map(object),
      ...query,
      { what: { identifier: { value: correlationId } }, type: { system: BALP_ENTITY, code: 'XrequestId' } },
    ],
  }
}
