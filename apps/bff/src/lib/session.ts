import type { AuditEvent } from '@medplum/fhirtypes'
import type { Caller } from '@openward/access'
import type { FhirClient } from '@openward/fhir-client'
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'

import { type AuditEntry, auditEventOf } from './audit-event.ts'
import type { AuditSpool } from './audit-spool.ts'
import type { Identity } from './token.ts'

/** Everything one authenticated request works with. It holds one organisation's client, and no other. */
export type Session = {
  caller: Caller
  identity: Identity
  fhir: FhirClient
  correlationId: string
  signal: AbortSignal
  now: () => number
  log: Logger
  /** The event of a write, to go into the same transaction. */
  auditEvent: (entry: AuditEntry) => AuditEvent
  /** Records a touch or a refusal in the spool; resolves when it is safe, before the answer goes out. */
  audit: (entry: AuditEntry) => Promise<void>
}

type Parts = Omit<Session, 'auditEvent' | 'audit'> & { spool: AuditSpool }

export function createSession({ spool, ...parts }: Parts): Session {
  const { caller, identity, correlationId, now } = parts
  const agent = { identity, fhirUser: caller.fhirUser }
  const auditEvent = (entry: AuditEntry) => auditEventOf(entry, agent, correlationId, now())
  const audit = (entry: AuditEntry) =>
    spool.append({ organization: caller.organization, event: { ...auditEvent(entry), id: randomUUID() } })
  return { ...parts, auditEvent, audit }
}
