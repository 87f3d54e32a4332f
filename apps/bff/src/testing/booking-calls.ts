import { randomUUID } from 'node:crypto'

import type { Appointment, Bundle, OperationOutcome, Parameters, Resource } from '@medplum/fhirtypes'
import type { Caller, Role } from '@openward/access'
import { FhirClient, type FhirTransport, SYSTEM } from '@openward/fhir-client'
import { findParameters } from '@openward/scheduling'
import { pino } from 'pino'

import { bookingOperations } from '#/features/booking/operations.ts'
import type { OperationAnswer, OperationContext } from '#/lib/operation.ts'

import type { Clinic } from './booking-clinic.ts'

type FindQuestion = globalThis.Parameters<typeof findParameters>[0]

const log = pino({ level: 'silent' })

export function patientCaller(...patients: string[]): Caller {
  const [self = ''] = patients
  return {
    issuer: 'https://sign-in.example',
    subject: self,
    organization: 'openward',
    roles: ['patient'],
    fhirUser: self,
    displayName: 'Ana Rivera',
    people: patients.map((patient, index) => ({
      patientId: patient.slice('Patient/'.length),
      relationship: index === 0 ? 'self' : 'CHILD',
      resourceTypes: ['*'],
    })),
    authenticatedAt: undefined,
  }
}

export function staffCaller(role: Role = 'scheduler'): Caller {
  return {
    ...patientCaller(),
    subject: `staff-${role}`,
    roles: [role],
    fhirUser: 'Practitioner/scheduler',
    people: [],
  }
}

export type CallOptions = {
  caller: Caller
  transport: FhirTransport
  idempotencyKey?: string | undefined
  now?: (() => number) | undefined
}

function contextOf({ caller, transport, idempotencyKey, now }: CallOptions): OperationContext {
  return {
    caller,
    fhir: new FhirClient(transport),
    now: now ?? Date.now,
    log,
    correlationId: randomUUID(),
    signal: AbortSignal.timeout(60_000),
    idempotencyKey,
    auditEvent: (touch) => ({
      id: randomUUID(),
      resourceType: 'AuditEvent',
      type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
      recorded: new Date().toISOString(),
      agent: [{ requestor: true, who: { display: 'test' } }],
      source: { observer: { display: 'test' } },
      entity: (touch.entities ?? []).map((reference) => ({ what: { reference } })),
    }),
  }
}

/** Calls a booking operation as the BFF does, past its sign-in. `path` is `Appointment/$book` or `Appointment/1/$cancel`. */
export function call(path: string, body: Resource, options: CallOptions): Promise<OperationAnswer> {
  const parts = path.split('/')
  const name = parts.at(-1)
  const id = parts.length > 2 ? parts[1] : undefined
  const operation = bookingOperations.find(
    (one) => one.type === parts[0] && one.name === name && (one.level === 'instance') === (id !== undefined),
  )
  if (operation === undefined) throw new Error(`no operation ${path}`)
  return operation.run(contextOf(options), { id, body, query: {} })
}

export function resourceOf<T extends Resource>(answer: OperationAnswer): T {
  if ('resource' in answer) return answer.resource as T
  throw new Error(`refused: ${reasonOf(answer) ?? JSON.stringify(answer)}`)
}

export function outcomeOf(answer: OperationAnswer): OperationOutcome | undefined {
  return 'outcome' in answer ? answer.outcome : undefined
}

/** The reason code of a refusal. */
export function reasonOf(answer: OperationAnswer): string | undefined {
  const coding = outcomeOf(answer)?.issue[0]?.details?.coding
  return coding?.find(({ system }) => system === SYSTEM.bookingReason)?.code
}

export type Question = Partial<FindQuestion>

const DAY_MS = 86_400_000

/** Openings of a clinic from tomorrow on. */
export async function openingsOf(
  clinic: Clinic,
  options: CallOptions,
  question: Question = {},
): Promise<Appointment[]> {
  const answer = await call('Appointment/$find', questionOf(clinic, question), options)
  return (resourceOf<Bundle>(answer).entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === 'Appointment' ? [resource] : [],
  )
}

export function questionOf(clinic: Clinic, question: Question = {}): Parameters {
  const now = Date.now()
  return findParameters({
    start: new Date(now + DAY_MS).toISOString(),
    end: new Date(now + 8 * DAY_MS).toISOString(),
    service: clinic.service,
    ...question,
  })
}
