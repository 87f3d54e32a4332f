import { bodyOf, giveBackFetch } from './pure-fetch.ts'
import * as fhirClientModule from 'fhirclient/lib/FhirClient.js'

import type { FhirResponse, FhirTransport } from './transport.ts'

giveBackFetch()

type SmartRequest = (
  uri: string,
  options: RequestInit & { includeResponse: true },
) => Promise<{ body?: unknown; response: Response }>
type SmartClient = { fhirRequest: SmartRequest }
type SmartClientClass = new (baseUrl: string) => SmartClient

type HttpErrorLike = Error & { status: number; response: Response }

function smartClientClass(module: unknown): SmartClientClass {
  let candidate = module
  // CommonJS: bundlers and Node wrap the default export once or twice
  while (typeof candidate === 'object' && candidate !== null && 'default' in candidate)
    candidate = candidate.default
  return candidate as SmartClientClass
}

function isHttpError(error: unknown): error is HttpErrorLike {
  return error instanceof Error && error.name === 'HttpError' && 'response' in error
}

/** fhirclient has consumed the body of an error answer by now; it keeps it as JSON after the first blank line of the message. */
function responseOf(error: HttpErrorLike): FhirResponse {
  const start = error.message.indexOf('\n\n')
  let body: unknown
  try {
    body = start < 0 ? undefined : JSON.parse(error.message.slice(start + 2))
  } catch {
    body = undefined // not JSON: the status alone classifies it
  }
  return { status: error.status, headers: error.response.headers, body }
}

/** A transport over SMART's JavaScript client (fhirclient), for portals. `token` is asked for each request. */
export function browserTransport(options: { baseUrl: string; token: () => Promise<string> }): FhirTransport {
  const client = new (smartClientClass(fhirClientModule))(options.baseUrl)
  return {
    baseUrl: options.baseUrl,
    async send(request) {
      const headers = { ...request.headers, authorization: `Bearer ${await options.token()}` }
      try {
        const { body, response } = await client.fhirRequest(
          request.path === '' ? options.baseUrl : request.path,
          {
            method: request.method,
            headers,
            signal: request.signal,
            includeResponse: true,
            ...(request.body === undefined ? {} : { body: request.body }),
          },
        )
        return { status: response.status, headers: response.headers, body: bodyOf(response) ?? body }
      } catch (error) {
        if (isHttpError(error)) return responseOf(error)
        throw error
      }
    },
  }
}
