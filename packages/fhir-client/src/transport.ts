import { FhirTransportError } from './errors.ts'
import { parseJson } from './exact-json.ts'

/** One request relative to the FHIR base, e.g. path `Patient/1`. */
export type FhirRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Relative to the base; may carry a query. A `next` link is made relative first. */
  path: string
  headers: Record<string, string>
  body?: string | undefined
  /** Resource type or `system`, for error messages. */
  resourceType: string
  signal: AbortSignal
}

/** Any answer, success or not. `body` is parsed JSON, a string for text, or undefined when empty. */
export type FhirResponse = { status: number; headers: Headers; body: unknown }

/** What carries a request to the FHIR base: `fetch` in services, fhirclient in browsers. */
export type FhirTransport = {
  /** Base address without a trailing slash. */
  readonly baseUrl: string
  send(request: FhirRequest): Promise<FhirResponse>
}

type FetchTransportOptions = {
  baseUrl: string
  /** Headers of every request, e.g. the bearer token; asked anew each time. */
  headers?: () => Record<string, string> | Promise<Record<string, string>>
}

function parseBody(text: string, contentType: string, request: FhirRequest): unknown {
  if (text === '') return undefined
  if (!contentType.includes('json')) return text
  try {
    return parseJson(text)
  } catch (cause) {
    throw new FhirTransportError('unexpected-response', { ...request, cause })
  }
}

/** A transport over the platform's `fetch`, for services and scripts. */
export function fetchTransport({ baseUrl, headers }: FetchTransportOptions): FhirTransport {
  const base = baseUrl.replace(/\/+$/, '')
  return {
    baseUrl: base,
    async send(request) {
      const response = await fetch(request.path === '' ? base : `${base}/${request.path}`, {
        method: request.method,
        headers: { ...request.headers, ...(await headers?.()) },
        signal: request.signal,
        redirect: 'error',
        ...(request.body === undefined ? {} : { body: request.body }),
      })
      const body = parseBody(await response.text(), response.headers.get('content-type') ?? '', request)
      return { status: response.status, headers: response.headers, body }
    },
  }
}
