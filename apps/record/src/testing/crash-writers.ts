import { SECRET } from './record.ts'

/** A write that the record has said yes to. `mark` is the tag of the stored version; undefined for a deletion. */
export interface Acknowledged {
  type: string
  id: string
  version: number
  mark: string | undefined
}

export const TRANSACTION_SIZE = 3
export const MARK_SYSTEM = 'urn:mark'
export const SHARED_SYSTEM = 'urn:shared'

interface Answer {
  status: number
  version: number
  id: string
  json: { entry?: { response: { etag: string } }[] } | undefined
}

/** Sends one request; undefined when no answer came, as when the record is killed. */
async function send(
  base: string,
  method: string,
  path: string,
  body?: object,
  more?: Record<string, string>,
): Promise<Answer | undefined> {
  const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/fhir+json', ...more }
  try {
    const response = await fetch(`${base}${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    const json = text === '' ? undefined : JSON.parse(text)
    return {
      status: response.status,
      version: versionOf(response.headers.get('etag')),
      id: json?.id ?? '',
      json,
    }
  } catch {
    return undefined
  }
}

function versionOf(etag: string | null): number {
  return Number(/"(\d+)"/.exec(etag ?? '')?.[1] ?? 0)
}

function slot(id: string, mark: string, minute: number): object {
  const startMs = Date.UTC(2027, 0, 1) + minute * 60_000
  return {
    resourceType: 'Slot',
    id,
    meta: tagged(mark),
    status: minute % 2 === 0 ? 'busy' : 'free',
    schedule: { reference: `Schedule/${minute % 5}` },
    start: new Date(startMs).toISOString(),
    end: new Date(startMs + 60_000).toISOString(),
  }
}

function patient(id: string, mark: string): object {
  return {
    resourceType: 'Patient',
    id,
    meta: tagged(mark),
    name: [{ family: `Name ${mark}` }],
    birthDate: '1970-01-01',
  }
}

function tagged(mark: string): object {
  return { tag: [{ system: MARK_SYSTEM, code: mark }] }
}

/**
 * One client that writes until the record is gone: its own resource, transactions, updates of shared resources by If-Match,
 * conditional creates that another client sends too, and deletions. Tells each write that was acknowledged.
 */
export async function writeUntilKilled(
  base: string,
  name: string,
  random: () => number,
  onAcknowledged: (done: Acknowledged) => void,
): Promise<void> {
  const kinds = [putOwn, transact, updateShared, createOnce, removeOwn]
  for (let n = 1; ; n += 1) {
    const kind = kinds[Math.floor(random() * kinds.length)] ?? putOwn
    if (!(await kind(`${name}-${n}`, n))) return
  }

  async function putOwn(mark: string): Promise<boolean> {
    const answer = await send(base, 'PUT', `/Patient/own-${name}`, patient(`own-${name}`, mark))
    if (isDone(answer)) onAcknowledged({ type: 'Patient', id: `own-${name}`, version: answer.version, mark })
    return answer !== undefined
  }

  async function transact(mark: string, n: number): Promise<boolean> {
    const ids = Array.from({ length: TRANSACTION_SIZE }, (_one, at) => `t-${mark}-${at}`)
    const entry = ids.map((id) => ({
      resource: slot(id, mark, n),
      request: { method: 'PUT', url: `Slot/${id}` },
    }))
    const answer = await send(base, 'POST', '', { resourceType: 'Bundle', type: 'transaction', entry })
    if (isDone(answer)) for (const id of ids) onAcknowledged({ type: 'Slot', id, version: 1, mark })
    return answer !== undefined
  }

  async function updateShared(mark: string, n: number): Promise<boolean> {
    const id = `shared-${n % 3}`
    const read = await send(base, 'GET', `/Patient/${id}`)
    if (read === undefined) return false
    const condition = read.status === 200 ? { 'if-match': `W/"${read.version}"` } : { 'if-none-match': '*' }
    const answer = await send(base, 'PUT', `/Patient/${id}`, patient(id, mark), condition)
    if (isDone(answer)) onAcknowledged({ type: 'Patient', id, version: answer.version, mark })
    return answer !== undefined
  }

  async function createOnce(mark: string, n: number): Promise<boolean> {
    const value = `${name.split('-')[0]}-${n % 40}`
    const body = {
      resourceType: 'Location',
      meta: tagged(mark),
      name: mark,
      identifier: [{ system: SHARED_SYSTEM, value }],
    }
    const answer = await send(base, 'POST', '/Location', body, {
      'if-none-exist': `identifier=${SHARED_SYSTEM}|${value}`,
    })
    if (answer?.status === 201) onAcknowledged({ type: 'Location', id: answer.id, version: 1, mark })
    return answer !== undefined
  }

  async function removeOwn(mark: string): Promise<boolean> {
    if (!(await putOwn(mark))) return false
    const answer = await send(base, 'DELETE', `/Patient/own-${name}`)
    if (isDone(answer))
      onAcknowledged({ type: 'Patient', id: `own-${name}`, version: answer.version, mark: undefined })
    return answer !== undefined
  }
}

function isDone(answer: Answer | undefined): answer is Answer {
  return answer !== undefined && answer.status >= 200 && answer.status < 300
}
