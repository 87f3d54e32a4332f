import type { Bundle, ResourceType } from '@medplum/fhirtypes'
import { patientsIn, release } from '@openward/access'

import { badRequest, notFound } from '#/lib/refusal.ts'
import {
  type FhirAnswer,
  type FhirCall,
  requireAllowed,
  requireId,
  type Rest,
  versionHeaders,
} from './call.ts'

const HISTORY_PARAMETERS: ReadonlySet<string> = new Set(['_count', '_since', '_format'])

function refuseParameters({ parameters }: FhirCall, allowed: ReadonlySet<string>): void {
  const unknown = parameters.find(([name]) => !allowed.has(name))
  if (unknown) throw badRequest('Unknown parameter', unknown[0].slice(0, 64))
}

/** Reads a resource, or one version of it. A forbidden id and a missing one answer alike. */
export async function read(
  rest: Rest,
  call: FhirCall,
  type: ResourceType,
  id: string,
  versionId?: string,
): Promise<FhirAnswer> {
  const { session } = rest
  const kind = versionId === undefined ? 'read' : 'vread'
  requireAllowed(session, { kind, type, id: requireId(id) })
  refuseParameters(call, new Set(['_format']))
  const options = { signal: session.signal }
  const stored =
    versionId === undefined
      ? await session.fhir.read(type, id, options)
      : await session.fhir.readVersion(type, id, requireId(versionId), options)
  const released = release(session.caller, stored)
  if (!released) throw notFound()
  await session.audit({
    interaction: kind,
    action: 'R',
    outcome: '0',
    patientIds: patientsIn(stored),
    entities: [`${type}/${id}`],
  })
  return { status: 200, resource: released, headers: versionHeaders(released) }
}

/** The versions of one resource that the caller may see, newest first. */
export async function history(
  rest: Rest,
  call: FhirCall,
  type: ResourceType,
  id: string,
): Promise<FhirAnswer> {
  const { session, baseUrl } = rest
  requireAllowed(session, { kind: 'history', type, id: requireId(id) })
  refuseParameters(call, HISTORY_PARAMETERS)
  const query = new URLSearchParams(call.parameters.filter(([name]) => name !== '_format'))
  const bundle = (
    await session.fhir.send({
      method: 'GET',
      path: `${type}/${id}/_history${query.size > 0 ? `?${query}` : ''}`,
      resourceType: type,
      options: { signal: session.signal },
      repeatable: true,
    })
  ).body as Bundle
  const patientIds = new Set<string>()
  const entry = (bundle.entry ?? []).flatMap(({ resource, request, response }) => {
    const released = resource && release(session.caller, resource)
    if (!released) return []
    for (const patientId of patientsIn(resource)) patientIds.add(patientId)
    const fullUrl = `${baseUrl}/${type}/${id}`
    return [
      { fullUrl, resource: released, ...(request ? { request } : {}), ...(response ? { response } : {}) },
    ]
  })
  if (entry.length === 0) throw notFound()
  await session.audit({
    interaction: 'history-instance',
    action: 'R',
    outcome: '0',
    patientIds: [...patientIds],
    entities: [`${type}/${id}`],
  })
  const link = [{ relation: 'self', url: `${baseUrl}/${type}/${id}/_history` }]
  return { status: 200, resource: { resourceType: 'Bundle', type: 'history', link, entry }, headers: {} }
}
