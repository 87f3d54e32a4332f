import type { FastifyReply, FastifyRequest } from 'fastify'

import { auditEventOf } from './audit-event.ts'
import type { Deps } from './deps.ts'
import { Refusal } from './refusal.ts'
import { createSession, type Session } from './session.ts'
import type { Identity } from './token.ts'

/** Finds out who asks, and gives them a session over their own organisation; failures are audited. */
export async function openSession(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session> {
  const { spool, bases, now } = deps
  const correlationId = request.id
  let identity: Identity | undefined
  try {
    identity = await deps.checkToken(request.headers.authorization)
    await deps.limits.person(request, identity)
    const caller = await deps.callerOf(identity, correlationId)
    const closed = new AbortController()
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) closed.abort()
    })
    const transport = bases.transportFor(identity.organization, correlationId)
    return createSession({
      caller,
      identity,
      transport,
      correlationId,
      signal: closed.signal,
      now,
      log: deps.log.child({ correlationId }),
      spool,
    })
  } catch (error) {
    const isRefused = error instanceof Refusal && (error.status === 401 || error.status === 403)
    if (isRefused && request.headers.authorization) {
      const entry = { interaction: 'sign-in', action: 'E', outcome: '4', patientIds: [] } as const
      const event = auditEventOf(entry, { identity, fhirUser: undefined }, correlationId, now())
      const organization = identity?.organization ?? deps.env.FHIR_ORGANIZATION
      await deps.failedSignIns.add({ address: request.ip, organization, event })
    }
    throw error
  }
}
