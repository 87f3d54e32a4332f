import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes'
import { decideOperation, release } from '@openward/access'

import { badRequest, failureOf, Refusal, refusalOf } from '#/lib/refusal.ts'
import {
  type FhirAnswer,
  type FhirCall,
  type Method,
  requireResource,
  requireType,
  type Rest,
} from './call.ts'
import { commit, type PreparedWrite, prepareCreate, prepareDelete, prepareUpdate } from './write.ts'

const MOST_ENTRIES = 100
const AT_ONCE = 10

type Dispatch = (rest: Rest, call: FhirCall) => Promise<FhirAnswer>

/** Splits a relative address into decoded segments and parameters; anything that could lead elsewhere is refused. */
export function parseAddress(address: string, place: string): Pick<FhirCall, 'path' | 'parameters'> {
  const [path = '', ...query] = address.split('?')
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('/') || path.includes('\\')) {
    throw badRequest('An address here is relative, such as Patient/1', place)
  }
  try {
    const segments = path.split('/').map(decodeURIComponent)
    if (segments.some((segment) => segment === '.' || segment === '..'))
      throw badRequest('An address here is relative', place)
    return { path: segments, parameters: [...new URLSearchParams(query.join('?'))] }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw badRequest('The address is not well formed', place)
  }
}

function callOf({ request, resource }: BundleEntry, index: number): FhirCall {
  const place = `Bundle.entry[${index}].request`
  const { method, url } = request ?? {}
  const isKnown =
    typeof method === 'string' && ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'].includes(method)
  if (!isKnown || typeof url !== 'string' || url === '')
    throw badRequest('An entry names its method and address', place)
  for (const value of [request?.ifMatch, request?.ifNoneExist]) {
    if (value !== undefined && typeof value !== 'string') throw badRequest('A condition is text', place)
  }
  return {
    ...parseAddress(url, `${place}.url`),
    method: method === 'HEAD' ? 'GET' : (method as Method),
    body: resource,
    ifMatch: request?.ifMatch,
    ifNoneExist: request?.ifNoneExist,
    idempotencyKey: undefined,
  }
}

function responseOf({ status, resource, headers }: FhirAnswer): BundleEntry {
  const { etag, location } = headers
  const response = { status: String(status), ...(etag ? { etag } : {}), ...(location ? { location } : {}) }
  if (status >= 400)
    return {
      response: {
        ...response,
        ...(resource?.resourceType === 'OperationOutcome' ? { outcome: resource } : {}),
      },
    }
  return { ...(resource ? { resource } : {}), response }
}

async function answerEntry(
  rest: Rest,
  entry: BundleEntry,
  index: number,
  dispatch: Dispatch,
): Promise<BundleEntry> {
  try {
    const call = callOf(entry, index)
    if (call.path.length === 1 && call.path[0] === '')
      throw badRequest('A Bundle inside a Bundle is not taken')
    return responseOf(await dispatch(rest, call))
  } catch (error) {
    const { status, outcome } = failureOf(error, rest.session.correlationId)
    if (status === 500) rest.session.log.error({ err: error }, 'batch entry failed')
    return responseOf({ status, resource: outcome, headers: {} })
  }
}

async function batch(rest: Rest, entries: BundleEntry[], dispatch: Dispatch): Promise<Bundle> {
  const answers: BundleEntry[] = []
  const step = entries.every(({ request }) => request?.method === 'GET') ? AT_ONCE : 1
  for (let start = 0; start < entries.length; start += step) {
    const part = entries.slice(start, start + step)
    answers.push(
      ...(await Promise.all(part.map((entry, offset) => answerEntry(rest, entry, start + offset, dispatch)))),
    )
  }
  return { resourceType: 'Bundle', type: 'batch-response', entry: answers }
}

async function prepare(rest: Rest, entry: BundleEntry, index: number): Promise<PreparedWrite> {
  const call = callOf(entry, index)
  const [typeName = '', id, ...further] = call.path
  const type = requireType(typeName)
  if (further.length > 0 || call.parameters.length > 0)
    throw badRequest('A transaction takes plain writes', `Bundle.entry[${index}].request.url`)
  if (call.method === 'POST' && id === undefined) {
    const hasName = typeof entry.fullUrl === 'string' && /^urn:uuid:[0-9a-f-]{36}$/.test(entry.fullUrl)
    return prepareCreate(rest, call, type, hasName ? entry.fullUrl : undefined)
  }
  if (call.method === 'PUT' && id !== undefined) return prepareUpdate(rest, call, { type, id })
  if (call.method === 'DELETE' && id !== undefined) return prepareDelete(rest, call, { type, id })
  throw badRequest('A transaction takes plain writes', `Bundle.entry[${index}].request.method`)
}

/** All entries are decided before anything is sent, and then written together or not at all. */
async function transaction(rest: Rest, entries: BundleEntry[]): Promise<Bundle> {
  const decision = decideOperation(rest.session.caller, { name: 'transaction', patientIds: [] })
  if (decision.outcome === 'refuse') throw refusalOf(decision)
  const writes: PreparedWrite[] = []
  for (const [index, entry] of entries.entries()) writes.push(await prepare(rest, entry, index))
  const answers = await commit(rest, writes)
  const entry = answers.map(({ response, resource }): BundleEntry => {
    const released: Resource | undefined = resource && release(rest.session.caller, resource)
    return { ...(released ? { resource: released } : {}), ...(response ? { response } : {}) }
  })
  return { resourceType: 'Bundle', type: 'transaction-response', entry }
}

/** Runs a batch, each entry decided and released by itself, or a transaction. */
export async function runBundle(rest: Rest, call: FhirCall, dispatch: Dispatch): Promise<FhirAnswer> {
  const bundle = requireResource(call.body, 'Bundle') as Bundle
  const entries: unknown = bundle.entry ?? []
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== 'object' || entry === null)) {
    throw badRequest('Entries are a list of objects', 'Bundle.entry')
  }
  if (entries.length > MOST_ENTRIES)
    throw badRequest(`A Bundle takes up to ${MOST_ENTRIES} entries`, 'Bundle.entry')
  if (bundle.type === 'batch')
    return { status: 200, resource: await batch(rest, entries, dispatch), headers: {} }
  if (bundle.type === 'transaction')
    return { status: 200, resource: await transaction(rest, entries), headers: {} }
  throw badRequest('A Bundle here is a batch or a transaction', 'Bundle.type')
}
