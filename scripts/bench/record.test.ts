import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { readArguments } from './record-arguments.ts'
import { Connection } from './record-client.ts'
import { makeData } from './record-data.ts'
import { makeQueries } from './record-queries.ts'

describe('the client of the bench', () => {
  let server: Server
  let url: URL
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5))

  beforeAll(async () => {
    server = createServer((request, response) => {
      void (async () => {
        if (request.url === '/nothing') response.writeHead(204).end()
        else if (request.url === '/gone') response.socket?.destroy()
        else if (request.url === '/whole') response.setHeader('content-length', 6).end('whole\n')
        else {
          for (const piece of ['a', 'b'.repeat(40_000), '0\r\n\r\n', 'ü']) {
            response.write(piece)
            await pause()
          }
          response.end()
        }
      })()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
  afterAll(() => server.close())

  const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`

  test('reads bodies of a known length, in chunks and none, one after the other', async () => {
    const connection = await Connection.open(url)
    expect(await connection.request(get('/whole'), true)).toMatchObject({ status: 200, body: 'whole\n' })
    const { body } = await connection.request(get('/chunks'), true)
    expect(body).toBe(`a${'b'.repeat(40_000)}0\r\n\r\nü`)
    expect(await connection.request(get('/nothing'), true)).toMatchObject({ status: 204, body: '' })
    expect(await connection.request(get('/whole'))).toMatchObject({ status: 200, body: '' })
    connection.close()
  })

  test('fails a request whose connection ends, and every one after it', async () => {
    const connection = await Connection.open(url)
    await expect(connection.request(get('/gone'))).rejects.toThrow('closed')
    await expect(connection.request(get('/whole'))).rejects.toThrow('closed')
  })
})

describe('the arguments of the bench', () => {
  test('a header opens the address before it, and all addresses when it comes first', () => {
    const { servers } = readArguments([
      '--header=X-Tenant: one',
      'http://a.example/fhir/',
      '--bearer=first',
      'https://b.example/r4',
      '--header=Authorization: Basic c2Vjb25k',
    ])
    expect(servers.map(({ url, headers }) => [url.href, headers])).toEqual([
      ['http://a.example/fhir', { 'x-tenant': 'one', authorization: 'Bearer first' }],
      ['https://b.example/r4', { 'x-tenant': 'one', authorization: 'Basic c2Vjb25k' }],
    ])
  })

  test.each([
    '--header=nothing',
    '--sizes=0',
    '--sizes=many',
    '--only=speed',
    '--unknown=1',
    'ftp://a.example',
  ])('refuses %s and says what there is', (argument) => {
    expect(() => readArguments([argument])).toThrow('npm run bench -- record')
  })
})

describe('the data of the bench', () => {
  const SIZE = 900
  const folder = mkdtempSync(join(tmpdir(), 'openward-bench-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function bodiesOf(file: string): string[] {
    const db = new DatabaseSync(file, { readOnly: true })
    const bodies = db.prepare('SELECT body FROM resource ORDER BY n').all()
    db.close()
    return bodies.map(({ body }) => String(body))
  }

  test('is the same each time, refers only to what comes in it, and asks for what is there', () => {
    const first = makeData(folder, SIZE, () => {})
    const bodies = bodiesOf(first)
    expect(bodies).toHaveLength(SIZE)
    expect(makeQueries(first, SIZE)).toEqual(makeQueries(first, SIZE))
    expect(makeQueries(first, SIZE).map(({ name }) => name)).toContain('read Patient')
    rmSync(first)
    expect(bodiesOf(makeData(folder, SIZE, () => {}))).toEqual(bodies)
    const addresses = new Set(
      bodies.map((body) => {
        const { resourceType, id } = JSON.parse(body) as { resourceType: string; id: string }
        return `${resourceType}/${id}`
      }),
    )
    const patients = bodies.flatMap((body) => /"reference":"(Patient\/[^"]+)"/.exec(body)?.[1] ?? [])
    expect(patients.length).toBeGreaterThan(100)
    expect(patients.filter((patient) => !addresses.has(patient))).toEqual([])
    expect(bodies.filter((body) => body.includes('urn:uuid:'))).toEqual([])
  })
})
