import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

/** What a server in front of the real record does wrong, or in its own way. */
export type Fault =
  | 'passes over ifMatch in transactions'
  | 'answers 409 for 412'
  | 'makes a version of every update'
  | 'takes a changed extension for no change'
  | 'applies what it can of a failed transaction'
  | 'passes over unknown parameters'
  | 'tells no totals'
  | 'finds nothing that is new'
  | 'deletes nothing'
  | 'breaks off at transactions'
  | 'answers pages of HTML'
  | 'names pages at another address'
  | 'is slow'

export type FaultyServer = { baseUrl: string; stop: () => Promise<void> }

type Request = { method: string; path: string; headers: Record<string, string>; body: string }
type Answer = { status: number; headers: Headers; body: string }
type Send = (request: Request) => Promise<Answer>
/** Stands between the client and the record for one request; undefined breaks the connection off. */
export type Meddle = (request: Request, send: Send) => Promise<Answer | undefined>

const STALE_MS = 2500
const SLOW_MS = 20

export function isTransaction({ method, path, body }: Request): boolean {
  return method === 'POST' && path === '' && body.includes('"transaction"')
}

export function isSearch({ method, path }: Request): boolean {
  return path.includes('/_search') || (method === 'GET' && /^[A-Z][A-Za-z]+\?/.test(path))
}

function isPut({ method, path }: Request): boolean {
  return method === 'PUT' && /^[A-Z][A-Za-z]+\/[^/?]+$/.test(path)
}

function withEntries(request: Request, change: (entry: BundleEntry) => BundleEntry): Request {
  const bundle: Bundle = JSON.parse(request.body)
  return { ...request, body: JSON.stringify({ ...bundle, entry: bundle.entry?.map(change) }) }
}

/** What is left of a resource for a server that looks at neither meta nor extensions. */
function content(text: string): unknown {
  const {
    meta: _meta,
    extension: _extension,
    ...rest
  } = JSON.parse(text) as Resource & { extension?: unknown }
  return rest
}

function withoutTotal(text: string): string {
  const bundle = JSON.parse(text) as Bundle
  delete bundle.total
  return JSON.stringify(bundle)
}

const MEDDLE: Record<Fault, Meddle> = {
  'passes over ifMatch in transactions': (request, send) => {
    if (!isTransaction(request)) return send(request)
    const passedOver = withEntries(request, ({ request: asked, ...entry }) => {
      const { ifMatch: _ifMatch, ...rest } = asked ?? {}
      return { ...entry, request: rest } as BundleEntry
    })
    return send(passedOver)
  },
  'answers 409 for 412': async (request, send) => {
    const answer = await send(request)
    return answer.status === 412 ? { ...answer, status: 409 } : answer
  },
  'makes a version of every update': (request, send) => {
    if (!isPut(request)) return send(request)
    const resource = JSON.parse(request.body) as Resource
    const tag = [...(resource.meta?.tag ?? []), { system: 'urn:update', code: crypto.randomUUID() }]
    return send({ ...request, body: JSON.stringify({ ...resource, meta: { ...resource.meta, tag } }) })
  },
  'takes a changed extension for no change': async (request, send) => {
    if (!isPut(request)) return send(request)
    const stored = await send({ ...request, method: 'GET', body: '' })
    const isSame = stored.status === 200 && isDeepStrictEqual(content(stored.body), content(request.body))
    return isSame ? stored : send(request)
  },
  'applies what it can of a failed transaction': async (request, send) => {
    const answer = await send(request)
    if (!isTransaction(request) || answer.status < 400) return answer
    const { entry = [] } = JSON.parse(request.body) as Bundle
    for (const one of entry)
      await send({
        ...request,
        body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: [one] }),
      })
    return answer
  },
  'passes over unknown parameters': (request, send) =>
    send(
      isSearch(request)
        ? { ...request, headers: { ...request.headers, prefer: 'handling=lenient' } }
        : request,
    ),
  'tells no totals': async (request, send) => {
    const answer = await send(request)
    return isSearch(request) && answer.status === 200
      ? { ...answer, body: withoutTotal(answer.body) }
      : answer
  },
  'finds nothing that is new': (request, send) => {
    if (!isSearch(request)) return send(request)
    const older = `_lastUpdated=lt${new Date(Date.now() - STALE_MS).toISOString()}`
    return request.method === 'GET'
      ? send({ ...request, path: `${request.path}&${older}` })
      : send({ ...request, body: `${request.body}&${older}` })
  },
  'deletes nothing': async (request, send) =>
    request.method === 'DELETE' ? { status: 403, headers: new Headers(), body: '' } : send(request),
  'breaks off at transactions': async (request, send) => (isTransaction(request) ? undefined : send(request)),
  'answers pages of HTML': async (request, send) =>
    request.path === 'metadata' || !isSearch(request)
      ? send(request)
      : { status: 200, headers: new Headers({ 'content-type': 'text/html' }), body: '<h1>Welcome</h1>' },
  'names pages at another address': (request, send) => send(request),
  'is slow': async (request, send) => {
    await pause(SLOW_MS)
    return send(request)
  },
}

/** A server that has everything of the record behind it, and one fault. */
export async function startFaultyServer(recordUrl: string, fault: Fault | Meddle): Promise<FaultyServer> {
  const send: Send = async ({ method, path, headers, body }) => {
    const response = await fetch(path === '' ? recordUrl : `${recordUrl}/${path}`, {
      method,
      headers,
      ...(body === '' ? {} : { body }),
    })
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
  let baseUrl = ''
  const outward = (text: string) =>
    fault === 'names pages at another address' ? text : text.replaceAll(recordUrl, baseUrl)
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await buffer(request)).toString()
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === 'string' && !/^(?:host|connection|content-length|transfer-encoding)$/.test(name)
          ? [[name, value]]
          : [],
      ),
    )
    const path = (request.url ?? '').replace(/^\/fhir\/?/, '')
    const meddle = typeof fault === 'string' ? MEDDLE[fault] : fault
    const answer = await meddle({ method: request.method ?? 'GET', path, headers, body }, send)
    if (answer === undefined) {
      request.socket.destroy()
      return
    }
    for (const name of ['content-type', 'etag', 'last-modified', 'location', 'content-location'])
      if (answer.headers.has(name)) response.setHeader(name, outward(answer.headers.get(name) ?? ''))
    response.writeHead(answer.status).end(outward(answer.body))
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  baseUrl = `http://127.0.0.1:${port}/fhir`
  return {
    baseUrl,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
