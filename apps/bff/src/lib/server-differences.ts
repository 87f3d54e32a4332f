import type { Bundle, BundleEntry, ResourceType } from '@medplum/fhirtypes'
import { type FhirClient, FhirError, parseReference } from '@openward/fhir-client'

import { capabilitiesOf } from './capabilities.ts'
import { badRequest, Refusal } from './refusal.ts'

type Pairs = readonly (readonly [string, string])[]

/**
 * A server that passes over parameters it does not know would answer another question than the one that was asked: there, parameters that it does not list
 * are refused here. Those with `_` in front belong to every type, and are proven or do no harm when they are passed over.
 */
export async function requireSearchable(
  fhir: FhirClient,
  type: ResourceType,
  parameters: Pairs,
): Promise<void> {
  const { isStrict, searchParametersOf } = await capabilitiesOf(fhir)
  if (isStrict) return
  const listed = searchParametersOf(type)
  for (const [name] of parameters) {
    const [plain = ''] = name.split(':')
    if (!plain.startsWith('_') && !listed.has(plain))
      throw badRequest('The record does not search by this parameter', name.slice(0, 64))
  }
}

const OF_THE_ANSWER: ReadonlySet<string> = new Set(['_total', '_count', '_sort', '_include', '_revinclude'])

/** A number of matches that was asked for and not told is counted by a search of its own; it stays away where the server does not count at all. */
export async function withTotal(
  fhir: FhirClient,
  type: ResourceType,
  parameters: Pairs,
  found: Bundle,
): Promise<Bundle> {
  const isWanted = parameters.some(([name, value]) => name === '_total' && value === 'accurate')
  if (found.total !== undefined || !isWanted) return found
  const filters = parameters.filter(([name]) => !OF_THE_ANSWER.has(name))
  const { body } = await fhir.send({
    method: 'POST',
    path: `${type}/_search`,
    resourceType: type,
    body: new URLSearchParams([...filters.map((pair) => [...pair]), ['_summary', 'count']]).toString(),
    options: { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    repeatable: true,
  })
  const { total } = body as Bundle
  return total === undefined ? found : { ...found, total }
}

/**
 * The standard answers a write of another version with 412; some servers answer 409, which also stands for other conflicts. Which of them it was is seen by
 * reading again.
 */
export async function asStale(error: unknown, fhir: FhirClient, { request }: BundleEntry): Promise<unknown> {
  const target = parseReference(request?.url)
  const isConflict = error instanceof FhirError && error.code === 'conflict'
  if (!isConflict || target === undefined || request?.ifMatch === undefined) return error
  try {
    const { meta } = await fhir.read(target.type, target.id, { headers: { 'cache-control': 'no-cache' } })
    if (request.ifMatch === `W/"${meta.versionId}"`) return error
  } catch (failed) {
    const isGone = failed instanceof FhirError && (failed.code === 'not-found' || failed.code === 'gone')
    if (!isGone) return error
  }
  return new Refusal(412, 'conflict', 'It was changed in the meantime; read it again', { cause: error })
}
