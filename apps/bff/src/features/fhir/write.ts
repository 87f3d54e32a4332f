import type { Bundle, BundleEntry, OperationOutcomeIssue, Resource, ResourceType } from '@medplum/fhirtypes'
import { type Interaction, patientsIn, release } from '@openward/access'
import { FhirResponseError, TransactionBuilder, type Versioned } from '@openward/fhir-client'
import { applyPatch, PatchRefusal } from '@openward/fhir-client/json-patch'

import { badRequest, notFound, Refusal } from '#/lib/refusal.ts'
import { asStale } from '#/lib/server-differences.ts'
import type { Session } from '#/lib/session.ts'
import {
  type FhirAnswer,
  type FhirCall,
  requireAllowed,
  requireId,
  requireResource,
  type Rest,
  versionHeaders,
} from './call.ts'
import { keptReferences, requireLiteralReferences } from './references.ts'

/** A write that access has allowed: how it goes into a transaction, with its audit event beside it. */
export type PreparedWrite = { entry: BundleEntry; auditEntry: BundleEntry }

type Target = { type: ResourceType; id: string }

/** The `urn:uuid` names of the entries of one transaction. */
export type EntryNames = ReadonlySet<string>

function requireVersion(ifMatch: string | undefined): string {
  if (ifMatch === undefined) {
    throw new Refusal(428, 'required', 'Name the version you have seen in the header If-Match', {
      expression: 'If-Match',
    })
  }
  const version = /^(?:W\/)?"([A-Za-z0-9\-.]{1,64})"$/.exec(ifMatch)?.[1]
  if (version === undefined) throw badRequest('If-Match is W/"version"', 'If-Match')
  return version
}

function withAudit(
  session: Session,
  entry: BundleEntry,
  kind: 'create' | 'update' | 'delete',
  patientIds: string[],
  entity: string,
): PreparedWrite {
  const action = { create: 'C', update: 'U', delete: 'D' } as const
  const event = session.auditEvent({
    interaction: kind,
    action: action[kind],
    outcome: '0',
    patientIds,
    entities: [entity],
  })
  const auditEntry = new TransactionBuilder()
  auditEntry.createWithId(event)
  return { entry, auditEntry: auditEntry.toBundle().entry?.[0] ?? {} }
}

export function prepareCreate(
  { session }: Rest,
  call: FhirCall,
  type: ResourceType,
  fullUrl = `urn:uuid:${crypto.randomUUID()}`,
  names?: EntryNames,
): PreparedWrite {
  requireAllowed(session, { kind: 'create', type, resource: { resourceType: type } as Resource })
  if (call.ifNoneExist !== undefined) throw badRequest('Conditional creates are not offered', 'If-None-Exist')
  if (call.parameters.length > 0) throw badRequest('A create takes no parameters')
  const { id: _id, meta, ...content } = requireResource(call.body, type)
  const resource = { ...content, ...(meta ? { meta } : {}) } as Resource
  requireAllowed(session, { kind: 'create', type, resource })
  requireLiteralReferences(resource, names)
  const clean = { ...content, ...(meta?.profile ? { meta: { profile: meta.profile } } : {}) } as Resource
  const entry = { fullUrl, resource: clean, request: { method: 'POST' as const, url: type } }
  return withAudit(session, entry, 'create', patientsIn(clean), fullUrl)
}

/** The stored resource, if the caller sees all of it: nobody overwrites what was hidden from them. */
async function readToChange(
  { caller, fhir }: Session,
  { type, id }: Target,
  version: string,
): Promise<Versioned> {
  const stored: Versioned = await fhir.read(type, id)
  const released = release(caller, stored)
  if (!released) throw notFound()
  if (released !== stored)
    throw new Refusal(403, 'forbidden', 'You see only a part of this, so you cannot change it')
  if (stored.meta.versionId !== version) {
    throw new Refusal(412, 'conflict', 'It was changed in the meantime; read it again')
  }
  return stored
}

/** The stored labels and tags stay; a client may name profiles, and nothing else. */
function withMeta(resource: Resource, stored: Versioned['meta']): Resource {
  const { versionId: _version, lastUpdated: _lastUpdated, ...kept } = stored
  const { meta: sent, ...content } = resource
  const meta = { ...kept, ...(sent?.profile ? { profile: sent.profile } : {}) }
  return { ...content, ...(Object.keys(meta).length > 0 ? { meta } : {}) } as Resource
}

function patched(stored: Resource, patch: unknown): Resource {
  try {
    return applyPatch(stored, patch)
  } catch (error) {
    if (!(error instanceof PatchRefusal)) throw error
    throw new Refusal(error.status, error.code, error.message, { expression: error.expression })
  }
}

export async function prepareUpdate(
  { session }: Rest,
  call: FhirCall,
  target: Target,
  names: EntryNames = new Set(),
): Promise<PreparedWrite> {
  const { type, id } = target
  const asked: Interaction = { kind: 'update', type, id: requireId(id) }
  requireAllowed(session, asked)
  const version = requireVersion(call.ifMatch)
  const isPatch = call.method === 'PATCH'
  const sent = isPatch ? undefined : requireResource(call.body, type)
  if (sent && sent.id !== id) throw badRequest('The id in the body is not the one in the address', 'id')
  const stored = await readToChange(session, target, version)
  const resource = sent ?? patched(stored, call.body)
  if (resource.resourceType !== type || resource.id !== id) {
    throw new Refusal(422, 'invariant', 'Type and id of a resource never change', { expression: 'id' })
  }
  requireAllowed(session, { ...asked, resource, stored })
  requireLiteralReferences(resource, new Set([...names, ...keptReferences(stored)]))
  const entry = {
    resource: withMeta(resource, stored.meta),
    request: { method: 'PUT' as const, url: `${type}/${id}`, ifMatch: `W/"${version}"` },
  }
  const patientIds = [...new Set([...patientsIn(stored), ...patientsIn(resource)])]
  return withAudit(session, entry, 'update', patientIds, `${type}/${id}`)
}

export async function prepareDelete(
  { session }: Rest,
  call: FhirCall,
  { type, id }: Target,
): Promise<PreparedWrite> {
  requireAllowed(session, { kind: 'delete', type, id: requireId(id) })
  const version = requireVersion(call.ifMatch)
  const stored = await readToChange(session, { type, id }, version)
  const entry = { request: { method: 'DELETE' as const, url: `${type}/${id}`, ifMatch: `W/"${version}"` } }
  return withAudit(session, entry, 'delete', patientsIn(stored), `${type}/${id}`)
}

/** Sends writes and their audit events as one transaction; gives the answers of the writes, in order. */
export async function commit({ session }: Rest, writes: readonly PreparedWrite[]): Promise<BundleEntry[]> {
  const entry = [...writes.map((write) => write.entry), ...writes.map((write) => write.auditEntry)]
  const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry }
  const answer = await session.fhir.batch(bundle)
  return (answer.entry ?? []).slice(0, writes.length)
}

/** A plain write goes as a transaction; its answer names fields as they stand in the resource that was sent. */
function ofPlainWrite(error: unknown): unknown {
  if (!(error instanceof FhirResponseError)) return error
  const { code, status, correlationId, retryAfterSeconds } = error
  const issues = error.issues.map(({ expression, ...issue }): OperationOutcomeIssue => {
    const own = expression?.map((path) => path.replace(/^Bundle\.entry\[\d+\]\.(?:resource\.)?/, ''))
    return own ? { ...issue, expression: own } : issue
  })
  return new FhirResponseError(code, {
    method: 'POST',
    resourceType: 'system',
    status,
    issues,
    correlationId,
    retryAfterSeconds,
    cause: error,
  })
}

async function commitOne(rest: Rest, prepared: PreparedWrite): Promise<BundleEntry | undefined> {
  try {
    return (await commit(rest, [prepared]))[0]
  } catch (error) {
    throw ofPlainWrite(await asStale(error, rest.session.fhir, prepared.entry))
  }
}

/** What was stored: from the answer, or read again where a server answers without bodies. */
async function storedResource(
  { session }: Rest,
  answer: BundleEntry | undefined,
): Promise<Resource | undefined> {
  if (answer?.resource && answer.resource.resourceType !== 'OperationOutcome') return answer.resource
  const match = /([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(
    answer?.response?.location ?? '',
  )
  return match?.[1] && match[2] ? session.fhir.read(match[1] as ResourceType, match[2]) : undefined
}

/** Runs one plain write. */
export async function write(
  rest: Rest,
  call: FhirCall,
  type: ResourceType,
  id?: string,
): Promise<FhirAnswer> {
  const prepared =
    id === undefined
      ? prepareCreate(rest, call, type)
      : await (call.method === 'DELETE' ? prepareDelete : prepareUpdate)(rest, call, { type, id })
  const answer = await commitOne(rest, prepared)
  if (call.method === 'DELETE') return { status: 204, headers: {} }
  const stored =
    id === undefined
      ? await storedResource(rest, answer)
      : (answer?.resource ?? (await rest.session.fhir.read(type, id)))
  const released = stored && release(rest.session.caller, stored)
  if (!released) return { status: id === undefined ? 201 : 200, headers: {} }
  const location = `${rest.baseUrl}/${type}/${released.id}/_history/${released.meta?.versionId}`
  const headers = { ...versionHeaders(released), ...(id === undefined ? { location } : {}) }
  return { status: id === undefined ? 201 : 200, resource: released, headers }
}
