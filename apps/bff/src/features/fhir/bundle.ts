import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes'
import { decideOperation, release } from '@openward/access'

import { answerSize, MOST_ANSWER_CHARACTERS, tooMuch } from '#/lib/answer-size.ts'
import { badRequest, failureOf, Refusal, refusalOf } from '#/lib/refusal.ts'
import {
  type Asked,
  type FhirAnswer,
  type FhirCall,
  type Method,
  requireResource,
  requireType,
  type Rest,
} from './call.ts'
import {
  commit,
  type EntryNames,
  type PreparedWrite,
  prepareCreate,
  prepareDelete,
  prepareUpdate,
} from './write.ts'

const MOST_ENTRIES = 100
const AT_ONCE = 10
const MOST_OPERATIONS = 10

type Dispatch = (rest: Rest, read: () => FhirCall, asked: Asked) => Promise<FhirAnswer>

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

type ReadEntry = { read: () => FhirCall; asked: Asked }

/** An entry as a call, or as the reason why it is none: told in its own place when its turn comes. */
function readEntry(entry: BundleEntry, index: number): ReadEntry {
  try {
    const call = callOf(entry, index)
    if (call.path.length === 1 && call.path[0] === '')
      throw badRequest('A Bundle inside a Bundle is not taken')
    return { read: () => call, asked: call }
  } catch (error) {
    return {
      read: () => {
        throw error
      },
      asked: { method: 'GET' },
    }
  }
}

function operationName({ path = [] }: Asked): string | undefined {
  return path.find((segment) => segment.startsWith('$'))
}

/** Whether asking changes nothing, so that its answer can be kept back as a whole. */
function isQuestion({ operations }: Rest, asked: Asked): boolean {
  const name = operationName(asked)
  if (name === undefined) return asked.method === 'GET' || asked.path?.[1] === '_search'
  return operations.some((one) => one.name === name && one.definition.affectsState !== true)
}

/** What the answers of a batch may still hold together. */
class Room {
  #left = MOST_ANSWER_CHARACTERS

  get isUsedUp(): boolean {
    return this.#left <= 0
  }

  has(resource: Resource | undefined): boolean {
    this.#left -= answerSize(resource)
    return this.#left >= 0
  }
}

const TOO_MUCH = 'The answers of this batch are too large together; ask in smaller batches'

function failed({ session }: Rest, error: unknown): FhirAnswer {
  const { status, outcome } = failureOf(error, session.correlationId)
  if (status === 500) session.log.error({ err: error }, 'batch entry failed')
  return { status, resource: outcome, headers: {} }
}

/** An answer that no longer fits: a question is told so, of a change everything but the resource is answered. */
function fitted(rest: Rest, asked: Asked, answer: FhirAnswer, room: Room): FhirAnswer {
  if (answer.status >= 400 || room.has(answer.resource)) return answer
  if (isQuestion(rest, asked)) return failed(rest, tooMuch(TOO_MUCH))
  const { status, headers } = answer
  return { status, headers }
}

async function answerEntry(
  rest: Rest,
  { read, asked }: ReadEntry,
  room: Room,
  dispatch: Dispatch,
): Promise<FhirAnswer> {
  function readWithin(): FhirCall {
    if (room.isUsedUp) throw tooMuch(TOO_MUCH)
    return read()
  }
  try {
    await rest.charge()
    return await dispatch(rest, readWithin, asked)
  } catch (error) {
    return failed(rest, error)
  }
}

async function batch(rest: Rest, entries: BundleEntry[], dispatch: Dispatch): Promise<Bundle> {
  const readable = entries.map(readEntry)
  if (readable.filter(({ asked }) => operationName(asked) !== undefined).length > MOST_OPERATIONS)
    throw new Refusal(422, 'too-costly', `A batch takes up to ${MOST_OPERATIONS} operations`, {
      expression: 'Bundle.entry',
    })
  const answers: BundleEntry[] = []
  const room = new Room()
  const step = readable.every(({ asked }) => asked.method === 'GET') ? AT_ONCE : 1
  for (let start = 0; start < readable.length; start += step) {
    const part = readable.slice(start, start + step)
    const own = await Promise.all(part.map((entry) => answerEntry(rest, entry, room, dispatch)))
    for (const [index, answer] of own.entries())
      answers.push(responseOf(fitted(rest, part[index]?.asked ?? { method: 'GET' }, answer, room)))
  }
  return { resourceType: 'Bundle', type: 'batch-response', entry: answers }
}

const ENTRY_NAME = /^urn:uuid:[0-9a-f-]{36}$/

/** The name by which other entries of a transaction may refer to one that is created. */
function nameOf({ fullUrl, request }: BundleEntry): string | undefined {
  return request?.method === 'POST' && typeof fullUrl === 'string' && ENTRY_NAME.test(fullUrl)
    ? fullUrl
    : undefined
}

async function prepare(
  rest: Rest,
  entry: BundleEntry,
  index: number,
  names: EntryNames,
): Promise<PreparedWrite> {
  const call = callOf(entry, index)
  const [typeName = '', id, ...further] = call.path
  const type = requireType(typeName)
  if (further.length > 0 || call.parameters.length > 0)
    throw badRequest('A transaction takes plain writes', `Bundle.entry[${index}].request.url`)
  if (call.method === 'POST' && id === undefined) return prepareCreate(rest, call, type, nameOf(entry), names)
  if (call.method === 'PUT' && id !== undefined) return prepareUpdate(rest, call, { type, id }, names)
  if (call.method === 'DELETE' && id !== undefined) return prepareDelete(rest, call, { type, id })
  throw badRequest('A transaction takes plain writes', `Bundle.entry[${index}].request.method`)
}

/** All entries are decided before anything is sent, and then written together or not at all. */
async function transaction(rest: Rest, entries: BundleEntry[]): Promise<Bundle> {
  const decision = decideOperation(rest.session.caller, { name: 'transaction', patientIds: [] })
  if (decision.outcome === 'refuse') throw refusalOf(decision)
  const writes: PreparedWrite[] = []
  const names = new Set(entries.flatMap((entry) => nameOf(entry) ?? []))
  for (const [index, entry] of entries.entries()) {
    await rest.charge()
    writes.push(await prepare(rest, entry, index, names))
  }
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
