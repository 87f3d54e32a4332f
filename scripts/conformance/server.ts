import { randomBytes } from 'node:crypto'

import type { Bundle, CapabilityStatement, OperationOutcome, Resource } from '@medplum/fhirtypes'
import { CANONICAL } from '@openward/fhir-client/canonical'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Ask = {
  body?: unknown
  /** Sent as `application/x-www-form-urlencoded`. */
  form?: string
  headers?: Record<string, string>
}
/** Any answer: a status of 400 and more is one, too. `body` is undefined where it is not JSON. */
export type Reply = { status: number; headers: Headers; body: unknown; text: string }

export type Stored = Resource & { id: string }

/** The FHIR server that is being looked at, and what was put there: everything carries the tag of this run. */
export type TestedServer = {
  baseUrl: string
  /** Letters and digits, part of every id and code that this run makes. */
  run: string
  statement: CapabilityStatement | undefined
  send: (method: Method, path: string, ask?: Ask) => Promise<Reply>
  /** A new id for a resource. */
  newId: () => string
  /** Takes away all that this run stored. Gives the addresses of what is still there. */
  cleanUp: () => Promise<string[]>
}

const TAG_SYSTEM = `${CANONICAL}/CodeSystem/conformance-run`
const FHIR_JSON = 'application/fhir+json'
const TIMEOUT_MS = 60_000
const CLEAN_UP_TIMEOUT_MS = 20_000
const AT_ONCE = 8
const PASSES = 3
const MOST_SWEPT = 500

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `Type/id` at the end of an address, whether or not a version follows. */
export function addressIn(location: string | null | undefined): string | undefined {
  return /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/?]+)?$/.exec(location ?? '')?.[1]
}

function isResource(body: unknown): body is Resource {
  return typeof body === 'object' && body !== null && 'resourceType' in body
}

export function outcomeOf({ body }: Reply): OperationOutcome | undefined {
  return isResource(body) && body.resourceType === 'OperationOutcome' ? body : undefined
}

type Options = { baseUrl: string; headers: Record<string, string>; signal: AbortSignal }

/** Opens the server; `signal` ends every request but those of the cleaning up. */
export function openServer({ baseUrl, headers, signal }: Options): TestedServer {
  const run = `cf${randomBytes(5).toString('hex')}`
  const tag = { system: TAG_SYSTEM, code: run }
  const stored = new Set<string>()
  const types = new Set<string>()
  let count = 0

  function tagged(resource: Resource): Resource {
    types.add(resource.resourceType)
    return { ...resource, meta: { ...resource.meta, tag: [...(resource.meta?.tag ?? []), tag] } }
  }

  function prepared(body: unknown): unknown {
    if (!isResource(body) || body.resourceType === 'Parameters') return body
    if (body.resourceType !== 'Bundle') return tagged(body)
    const entry = body.entry?.map((one) =>
      one.resource === undefined ? one : { ...one, resource: tagged(one.resource) },
    )
    return { ...body, ...(entry ? { entry } : {}) }
  }

  function remember(method: Method, path: string, sent: unknown, reply: Reply): void {
    if (reply.status >= 300 || path.includes('_search')) return
    const own = method === 'PUT' ? addressIn(path) : undefined
    const told = method === 'POST' ? addressIn(reply.headers.get('location')) : undefined
    const id = isResource(reply.body) && reply.body.resourceType !== 'Bundle' ? reply.body.id : undefined
    const made = method === 'POST' && /^[A-Z][A-Za-z]+$/.test(path) && id ? `${path}/${id}` : undefined
    for (const one of [own, told ?? made]) if (one !== undefined) stored.add(one)
    if (!isResource(sent) || sent.resourceType !== 'Bundle') return
    const answers = isResource(reply.body) ? ((reply.body as Bundle).entry ?? []) : []
    sent.entry?.forEach(({ request }, index) => {
      if (request?.method !== 'PUT' && request?.method !== 'POST') return
      const address =
        addressIn(answers[index]?.response?.location) ??
        (request.method === 'PUT' ? addressIn(request.url) : undefined)
      if (address !== undefined) stored.add(address)
    })
  }

  async function exchange(method: Method, path: string, ask: Ask, until: AbortSignal[]): Promise<Reply> {
    const body = ask.form ?? (ask.body === undefined ? undefined : JSON.stringify(prepared(ask.body)))
    const type = ask.form === undefined ? FHIR_JSON : 'application/x-www-form-urlencoded'
    const response = await fetch(path === '' ? baseUrl : `${baseUrl}/${path}`, {
      method,
      headers: {
        accept: FHIR_JSON,
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
        ...ask.headers,
      },
      redirect: 'error',
      signal: AbortSignal.any(until),
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text), text }
  }

  async function send(method: Method, path: string, ask: Ask = {}): Promise<Reply> {
    const reply = await exchange(method, path, ask, [signal, AbortSignal.timeout(TIMEOUT_MS)])
    remember(method, path, ask.body, reply)
    return reply
  }

  /** Goes on when everything else has been given up. */
  function exchangeAnyway(method: Method, path: string): Promise<Reply> {
    return exchange(method, path, {}, [AbortSignal.timeout(CLEAN_UP_TIMEOUT_MS)])
  }

  /** What an answer did not tell of, because it never came: found by its tag. */
  async function sweep(type: string): Promise<void> {
    const query = `_tag=${encodeURIComponent(`${TAG_SYSTEM}|${run}`)}&_count=${MOST_SWEPT}`
    const reply = await exchangeAnyway('GET', `${type}?${query}`)
    const entries = isResource(reply.body) ? ((reply.body as Bundle).entry ?? []) : []
    for (const { resource } of reply.status < 300 ? entries : []) {
      // a server that knows no tags answers with resources of others
      const isOurs = resource?.meta?.tag?.some(({ system, code }) => system === TAG_SYSTEM && code === run)
      if (isOurs && resource?.id !== undefined) stored.add(`${resource.resourceType}/${resource.id}`)
    }
  }

  async function remove(address: string): Promise<void> {
    const reply = await exchangeAnyway('DELETE', address)
    if (reply.status < 300 || reply.status === 404 || reply.status === 410) stored.delete(address)
  }

  async function cleanUp(): Promise<string[]> {
    await Promise.allSettled([...types].map(sweep))
    // what refers to others was stored after them; a server that checks references may need more than one pass
    for (let pass = 0; pass < PASSES && stored.size > 0; pass += 1) {
      const left = [...stored].reverse()
      for (let at = 0; at < left.length; at += AT_ONCE)
        await Promise.allSettled(left.slice(at, at + AT_ONCE).map(remove))
    }
    return [...stored]
  }

  function newId(): string {
    count += 1
    return `${run}-${count}`
  }
  return { baseUrl, run, statement: undefined, send, newId, cleanUp }
}
