import type { Parameters, ResourceType } from '@medplum/fhirtypes'
import { decideOperation, release } from '@openward/access'
import { FhirError } from '@openward/fhir-client'

import type { AuditEntry } from '#/lib/audit-event.ts'
import type { Operation, OperationAnswer, OperationContext, Touch } from '#/lib/operation.ts'
import { badRequest, notFound, Refusal, refusalOf } from '#/lib/refusal.ts'
import type { Session } from '#/lib/session.ts'
import { type FhirAnswer, type FhirCall, requireId, requireResource, type Rest } from './call.ts'
import { requireLiteralReferences } from './references.ts'

const ACTION = { create: 'C', read: 'R', update: 'U', delete: 'D', execute: 'E' } as const
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/

/** Where an operation is called: on a type, on one resource, or on the whole. */
export type OperationTarget = { type?: ResourceType; id?: string; name: string }

function findOperation({ operations }: Rest, { type, id, name }: OperationTarget, method: string): Operation {
  const level = type === undefined ? 'system' : id === undefined ? 'type' : 'instance'
  const named = operations.filter((one) => one.name === name && one.level === level)
  const here = named.filter((one) => type === undefined || one.type === type)
  const operation = here.find((one) => one.method === method)
  if (operation) return operation
  throw here.length > 0
    ? new Refusal(405, 'not-supported', 'This operation takes another method', {
        headers: { allow: here.map((one) => one.method).join(', ') },
      })
    : new Refusal(404, 'not-supported', 'There is no such operation')
}

const REFERENCE = {
  Patient: /(?:^|\/)Patient\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]*)?$/,
  Appointment: /(?:^|\/)Appointment\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]*)?$/,
} as const

/** Every literal reference to a type that stands anywhere in the request, plain strings of the query included. */
function idsNamed(value: unknown, type: keyof typeof REFERENCE): string[] {
  if (typeof value === 'string') {
    const id = REFERENCE[type].exec(value)?.[1]
    return id === undefined ? [] : [id]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((one) => idsNamed(one, type))
}

/** A caller who acts for people may point only at visits of those people. */
async function requireOwnVisits({ caller, fhir, signal }: Session, ids: readonly string[]): Promise<void> {
  for (const id of new Set(ids)) {
    let visit
    try {
      visit = await fhir.read('Appointment', id, { signal })
    } catch (error) {
      if (error instanceof FhirError && (error.code === 'not-found' || error.code === 'gone'))
        throw notFound()
      throw error
    }
    if (!release(caller, visit)) throw notFound()
  }
}

function entryOf(operation: Operation, touch: Touch, outcome: AuditEntry['outcome']): AuditEntry {
  return {
    interaction: 'operation',
    action: ACTION[touch.action],
    outcome,
    patientIds: touch.patientIds,
    entities: touch.entities ?? [],
    query: `${operation.type}/${operation.name}`,
  }
}

async function answerOf(rest: Rest, operation: Operation, answer: OperationAnswer): Promise<FhirAnswer> {
  const { session } = rest
  const headers = answer.headers ?? {}
  if ('outcome' in answer) {
    await session.audit(entryOf(operation, { action: 'execute', patientIds: [] }, '4'))
    return { status: answer.status, resource: { ...answer.outcome, id: session.correlationId }, headers }
  }
  const hasOwnAudit = 'resource' in answer && answer.hasOwnAudit === true
  if (!hasOwnAudit) await session.audit(entryOf(operation, answer.touch, '0'))
  if ('text' in answer)
    return { status: 200, text: { content: answer.text, contentType: answer.contentType }, headers }
  const released = release(session.caller, answer.resource)
  if (!released) throw notFound()
  return { status: answer.status, resource: released, headers }
}

/** What the record refuses stands in resources that the operation built: its places mean nothing to the caller, who did not send them. */
function withoutPlaces(error: unknown): never {
  if (error instanceof FhirError && error.code === 'invalid')
    throw new Refusal(422, 'processing', 'The record did not accept this', { cause: error })
  throw error
}

/** Calls one operation of the table: access first, then the operation, then release and audit. */
export async function runOperation(rest: Rest, call: FhirCall, target: OperationTarget): Promise<FhirAnswer> {
  const { session } = rest
  const operation = findOperation(rest, target, call.method)
  const id = target.id === undefined ? undefined : requireId(target.id)
  const body: Parameters = { resourceType: 'Parameters' }
  const sent =
    call.method === 'POST' && call.body !== undefined ? requireResource(call.body, 'Parameters') : body
  if (call.method === 'POST' && call.parameters.length > 0)
    throw badRequest('Parameters of an operation stand in its body')
  requireLiteralReferences(sent)
  const key = call.idempotencyKey
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key))
    throw badRequest('Idempotency-Key holds up to 128 visible characters', 'Idempotency-Key')
  const named = [sent, call.parameters]
  const decision = decideOperation(session.caller, {
    name: target.name,
    patientIds: [...idsNamed(named, 'Patient')],
    ...(target.type ? { type: target.type } : {}),
  })
  if (decision.outcome === 'refuse') throw refusalOf(decision)
  if (decision.outcome === 'narrow') {
    const own = operation.type === 'Appointment' && id !== undefined ? [id] : []
    await requireOwnVisits(session, [...own, ...idsNamed(named, 'Appointment')])
  }
  const context: OperationContext = {
    caller: session.caller,
    fhir: session.fhir,
    now: session.now,
    log: session.log,
    correlationId: session.correlationId,
    signal: session.signal,
    idempotencyKey: key,
    auditEvent: (touch) => session.auditEvent(entryOf(operation, touch, '0')),
  }
  const input = { id, body: sent, query: Object.fromEntries(call.parameters) }
  return answerOf(rest, operation, await operation.run(context, input).catch(withoutPlaces))
}
