import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request as rawRequest, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Harness, startHarness } from '#/testing/harness.ts'
import { freePort } from '#/testing/record.ts'

let portal: Server
let harness: Harness
const seen: IncomingMessage[] = []

/** Stands where a portal's process would: says what reached it, and keeps what it was sent. */
async function startPortal(): Promise<Server> {
  const server = createServer((request, response) => {
    seen.push(request)
    if (request.url === '/patient/stream') {
      response.write('first ')
      setImmediate(() => response.end('last'))
      return
    }
    let length = 0
    request.on('data', (chunk: Buffer) => (length += chunk.length))
    request.on('end', () => {
      response
        .setHeader('content-security-policy', "script-src 'nonce-1'")
        .setHeader('x-powered-by', 'Next.js')
      response.end(JSON.stringify({ url: request.url, length, headers: request.headers }))
    })
  })
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    socket.write(Buffer.from([0x81, 2, ...Buffer.from('hi')]))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

beforeAll(async () => {
  portal = await startPortal()
  const upstreams = {
    '/patient': `http://127.0.0.1:${(portal.address() as AddressInfo).port}`,
    '/care': `http://127.0.0.1:${await freePort()}`,
  }
  harness = await startHarness({ env: { UPSTREAMS: JSON.stringify(upstreams), RATE_LIMIT_PER_MINUTE: '3' } })
  await harness.seed([{ resourceType: 'Patient', id: 'a', active: true }])
})
afterAll(async () => {
  await harness.stop()
  portal.closeAllConnections()
  portal.close()
})

describe('the gateway', () => {
  test('sends the bare address to the patients’ portal', async () => {
    const response = await fetch(harness.origin, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([302, '/patient'])
  })

  test('passes the address on, with the public host, and believes no forwarded header from outside', async () => {
    const headers = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      forwarded: 'for=6.6.6.6',
      'x-real-ip': '6.6.6.6',
    }
    const response = await fetch(`${harness.origin}/patient/visits?x=1`, { headers })
    const { url, headers: arrived } = (await response.json()) as {
      url: string
      headers: Record<string, string>
    }
    const host = new URL(harness.origin).host
    expect(url).toBe('/patient/visits?x=1')
    expect(arrived).toMatchObject({
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '127.0.0.1',
    })
    expect(JSON.stringify(arrived)).not.toMatch(/6\.6\.6\.6|evil/)
  })

  test('leaves the portal’s own content security policy and adds the other headers', async () => {
    const { headers } = await fetch(`${harness.origin}/patient`)
    expect(headers.get('content-security-policy')).toBe("script-src 'nonce-1'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('permissions-policy')).toContain('microphone=()')
    expect(headers.get('strict-transport-security')).toBeNull()
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/)
    const redirect = await fetch(`${harness.origin}/patient/auth/redirect?code=x`)
    expect(redirect.headers.get('cross-origin-opener-policy')).toBeNull()
  })

  test('streams, and passes bodies larger than it would read itself', async () => {
    expect(await (await fetch(`${harness.origin}/patient/stream`)).text()).toBe('first last')
    const body = 'x'.repeat(3_000_000)
    for (const type of ['text/plain', 'application/json', 'application/octet-stream']) {
      const init = { method: 'POST', body, headers: { 'content-type': type } }
      const response = await fetch(`${harness.origin}/patient/upload`, init)
      expect(await response.json()).toMatchObject({ length: 3_000_000 })
    }
  })

  test('lets websockets through', async () => {
    const socket = new WebSocket(`${harness.origin.replace('http', 'ws')}/patient/_next/hmr`)
    const [message] = (await once(socket, 'message')) as [MessageEvent]
    expect(message.data).toBe('hi')
    socket.close()
  })

  test('says in words that a portal is down: 502 and a page', async () => {
    const response = await fetch(`${harness.origin}/care/panel`)
    expect(response.status).toBe(502)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('not running right now')
  })

  test('lets nothing climb out of a prefix', async () => {
    const { port } = new URL(harness.origin)
    for (const path of [
      '/patient/../identity/x',
      '/patient/%2e%2e/identity/x',
      '/patient/..%2fidentity',
      '/patient\\..\\identity',
    ]) {
      const before = seen.length
      const request = rawRequest({ host: '127.0.0.1', port, path })
      request.end()
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      response.resume()
      expect(response.statusCode).toBeGreaterThanOrEqual(400)
      expect(response.statusCode).toBeLessThan(500)
      expect(seen).toHaveLength(before)
    }
  })

  test('answers what is not HTTP with a client error, and goes on', async () => {
    const { port } = new URL(harness.origin)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      'GET /patient HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 4/)
    socket.destroy()
    expect((await fetch(`${harness.origin}/health/live`)).status).toBe(200)
  })
})

describe('health', () => {
  test('is live, and ready while the record answers', async () => {
    expect((await fetch(`${harness.origin}/health/live`)).status).toBe(200)
    expect((await fetch(`${harness.origin}/health/ready`)).status).toBe(200)
  })
})

describe('limits', () => {
  test('count per person, say what is left, and answer 429 with the time to wait', async () => {
    const person = { fhirUser: 'Patient/a', roles: ['patient'] as const }
    const answers: Response[] = []
    for (let time = 0; time < 4; time++) answers.push(await harness.fetchAs(person, '/Patient/a'))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0'])
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answers[3]?.json()).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ code: 'throttled' }],
    })
    expect((await harness.fetchAs({ ...person, sub: 'other' }, '/Patient/a')).status).toBe(200)
  })
})

describe('a record that is down', () => {
  test('is 503 with the time to come back, and not ready', async () => {
    await harness.record.stop()
    expect((await fetch(`${harness.origin}/health/ready`)).status).toBe(503)
    const response = await harness.fetchAs(
      { fhirUser: 'Patient/a', roles: ['patient'], sub: 'new' },
      '/Patient/a',
    )
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await response.json()).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ code: 'transient' }],
    })
  })
})
