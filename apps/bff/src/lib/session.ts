import type { Caller } from '@openward/access'
import { FhirClient, type FhirTransport } from '@openward/fhir-client'
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'

import { type AuditEntry, auditEventOf } from './audit-event.ts'
import type { AuditSpool } from './audit-spool.ts'
import { chainedWrites, type StorableEvent } from './chained-writes.ts'
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
  /** The event of a write, to go into the same transaction under its own id. */
  auditEvent: (entry: AuditEntry) => StorableEvent
  /** Records a touch or a refusal in the spool; resolves when it is safe, before the answer goes out. */
  audit: (entry: AuditEntry) => Promise<void>
}

type Parts = Omit<Session, 'auditEvent' | 'audit' | 'fhir'> & { spool: AuditSpool; transport: FhirTransport }

export function createSession({ spool, transport, ...parts }: Parts): Session {
  const { caller, identity, correlationId, now } = parts
  const { organization } = caller
  const agent = { identity, fhirUser: caller.fhirUser }
  const eventOf = (entry: AuditEntry): StorableEvent => ({
    ...auditEventOf(entry, agent, correlationId, now()),
    id: randomUUID(),
  })
  const written = chainedWrites(transport, spool, organization)
  const auditEvent = (entry: AuditEntry) => written.remember(eventOf(entry))
  const audit = (entry: AuditEntry) => spool.append({ organization, event: eventOf(entry) })
  return { ...parts, fhir: new FhirClient(written.transport), auditEvent, audit }
}
