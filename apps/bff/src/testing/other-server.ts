import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

import type { CapabilityStatement } from '@medplum/fhirtypes'
import type { FhirTransport } from '@openward/fhir-client'
import type { ServerSoftware } from '@openward/fhir-client/conformance'

/** The data of the record behind another address, as a server that says it is something else. */
export function elsewhere(inner: FhirTransport, software: () => ServerSoftware): FhirTransport {
  return {
    baseUrl: `http://elsewhere.example/${randomUUID()}`,
    send: async (request) => {
      const answer = await inner.send(request)
      if (request.path === 'metadata') (answer.body as CapabilityStatement).software = software()
      return answer
    },
  }
}

export const OTHER_SOFTWARE: ServerSoftware = { name: 'Other server', version: '9' }

/** How a server in front of the record differs from it. */
type Differences = {
  isLenient?: boolean
  /** But those of searches that only count. */
  tellsNoTotals?: boolean
  answersConflict?: boolean
  /** Names of search parameters that it does not list. */
  unlisted?: readonly string[]
}

/** A FHIR server with the content of a record, which may be named after the server has been given to a BFF. */
export type OtherServer = {
  /** With `{organization}` in it. */
  baseUrl: string
  differences: Differences
  putBefore: (recordUrl: string) => void
  /** Paths of the requests that came, oldest first. */
  requests: string[]
  stop: () => Promise<void>
}

function headersOf(request: IncomingMessage, { isLenient }: Differences): Record<string, string> {
  const own = /^(?:host|connection|content-length|transfer-encoding)$/
  const sent = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' && !own.test(name) ? [[name, value] as const] : [],
  )
  return { ...Object.fromEntries(sent), ...(isLenient ? { prefer: 'handling=lenient' } : {}) }
}

function differing(asked: string, text: string, differences: Differences): string {
  const isCount = asked.includes('_summary=count')
  if (!/\/metadata\b/.test(asked))
    return differences.tellsNoTotals && !isCount ? text.replace(/"total":\d+,?/, '') : text
  const statement = JSON.parse(text) as CapabilityStatement
  statement.software = OTHER_SOFTWARE
  for (const row of statement.rest?.[0]?.resource ?? [])
    row.searchParam = row.searchParam?.filter(({ name }) => !differences.unlisted?.includes(name ?? '')) ?? []
  return JSON.stringify(statement)
}

export async function startOtherServer(): Promise<OtherServer> {
  let recordOrigin = ''
  const other: Pick<OtherServer, 'differences' | 'requests'> = { differences: {}, requests: [] }
  const server: Server = createServer((request, response) => {
    const answer = async () => {
      const body = await buffer(request)
      const path = request.url ?? ''
      other.requests.push(`${path} ${body.toString()}`)
      const answered = await fetch(`${recordOrigin}${path}`, {
        method: request.method ?? 'GET',
        headers: headersOf(request, other.differences),
        ...(body.length > 0 ? { body } : {}),
      })
      for (const name of ['content-type', 'etag', 'location'])
        if (answered.headers.has(name)) response.setHeader(name, answered.headers.get(name) ?? '')
      const status = other.differences.answersConflict && answered.status === 412 ? 409 : answered.status
      const text = (await answered.text()).replaceAll(recordOrigin, `http://${request.headers.host}`)
      response.writeHead(status).end(differing(`${path} ${body.toString()}`, text, other.differences))
    }
    answer().catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(other, {
    baseUrl: `http://127.0.0.1:${port}/{organization}`,
    putBefore: (recordUrl: string) => {
      recordOrigin = new URL(recordUrl.replace('{organization}', 'x')).origin
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
