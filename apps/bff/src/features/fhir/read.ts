import type { Bundle, ResourceType } from '@medplum/fhirtypes'
import { patientsIn, release } from '@openward/access'

import { answerSize, MOST_ANSWER_CHARACTERS, tooMuch } from '#/lib/answer-size.ts'
import { badRequest, notFound } from '#/lib/refusal.ts'
import {
  type FhirAnswer,
  type FhirCall,
  requireAllowed,
  requireId,
  type Rest,
  versionHeaders,
} from './call.ts'
import { linksOf, openPage } from './pages.ts'

const HISTORY_PARAMETERS: ReadonlySet<string> = new Set(['_count', '_since', '_format', '_cursor'])

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

/** The versions of one resource that the caller may see, newest first, page by page. */
export async function history(
  rest: Rest,
  call: FhirCall,
  type: ResourceType,
  id: string,
): Promise<FhirAnswer> {
  const { session, baseUrl } = rest
  requireAllowed(session, { kind: 'history', type, id: requireId(id) })
  refuseParameters(call, HISTORY_PARAMETERS)
  const path = `${type}/${id}/_history`
  const page = openPage(rest, call, path)
  const parameters = page?.parameters ?? call.parameters.filter(([name]) => name !== '_format')
  const query = new URLSearchParams(parameters)
  const found = (
    await session.fhir.send({
      method: 'GET',
      path: page?.next ?? `${path}${query.size > 0 ? `?${query}` : ''}`,
      resourceType: type,
      options: { signal: session.signal },
      repeatable: true,
    })
  ).body as Bundle
  const patientIds = new Set<string>()
  const entry = (found.entry ?? []).flatMap(({ resource, request, response }) => {
    const released = resource && release(session.caller, resource)
    if (!released) return []
    for (const patientId of patientsIn(resource)) patientIds.add(patientId)
    const fullUrl = `${baseUrl}/${type}/${id}`
    return [
      { fullUrl, resource: released, ...(request ? { request } : {}), ...(response ? { response } : {}) },
    ]
  })
  if (entry.length === 0 && !page) throw notFound()
  const link = linksOf(rest, path, { parameters, added: [] }, found)
  const bundle: Bundle = { resourceType: 'Bundle', type: 'history', link, entry }
  if (answerSize(bundle) > MOST_ANSWER_CHARACTERS)
    throw tooMuch('This page would be too large; ask for fewer at a time with _count')
  await session.audit({
    interaction: 'history-instance',
    action: 'R',
    outcome: '0',
    patientIds: [...patientIds],
    entities: [`${type}/${id}`],
  })
  return { status: 200, resource: bundle, headers: {} }
}
