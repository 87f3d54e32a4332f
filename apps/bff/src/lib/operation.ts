import type {
  AuditEvent,
  OperationDefinition,
  OperationOutcome,
  Resource,
  ResourceType,
} from '@medplum/fhirtypes'
import type { Caller } from '@openward/access'
import type { FhirClient } from '@openward/fhir-client'
import type { Logger } from 'pino'

/** What an operation touched, for its audit event. */
export type Touch = {
  action: 'create' | 'read' | 'update' | 'delete' | 'execute'
  /** Ids of every patient whose data was touched. */
  patientIds: readonly string[]
  /** Relative references of the other resources, such as the Appointment. */
  entities?: readonly string[]
}

/** Everything an operation may use. It reaches data only through `fhir`. */
export type OperationContext = {
  caller: Caller
  /** The FHIR base of the caller's organisation, with the service's own rights: access must have been decided before it is used. */
  fhir: FhirClient
  /** Epoch milliseconds. */
  now: () => number
  log: Logger
  correlationId: string
  signal: AbortSignal
  idempotencyKey: string | undefined
  /** The AuditEvent to put into the same transaction as a write. */
  auditEvent: (touch: Touch) => AuditEvent & { id: string }
}

/** Body of the request, already parsed as JSON and known to be `Parameters` (POST), or the query (GET). */
export type OperationInput = {
  id: string | undefined
  body: Resource
  query: Readonly<Record<string, string>>
}

export type OperationAnswer =
  | {
      status: 200 | 201
      resource: Resource
      headers?: Record<string, string>
      touch: Touch
      /** Its AuditEvent is stored: a transaction that held it has been committed. Everything else is audited on the way out. */
      hasOwnAudit?: boolean
    }
  | { status: 200; text: string; contentType: string; headers?: Record<string, string>; touch: Touch }
  | { status: 400 | 403 | 404 | 409 | 422 | 503; outcome: OperationOutcome; headers?: Record<string, string> }

/** One row of the operation table: routing, CapabilityStatement and access are made from it. */
export type Operation = {
  /** At system level `Parameters`, which stands in no address. */
  type: ResourceType
  level: 'system' | 'type' | 'instance'
  method: 'POST' | 'GET'
  name: `$${string}`
  definition: OperationDefinition
  run: (context: OperationContext, input: OperationInput) => Promise<OperationAnswer>
}
