import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Patient } from '@medplum/fhirtypes'
import { afterEach, expect, expectTypeOf, test } from 'vitest'

import { browserTransport } from './browser.ts'
import { FhirClient, type Versioned } from './client.ts'
import { FhirError } from './errors.ts'
import { TransactionBuilder } from './transaction.ts'
import { fetchTransport } from './transport.ts'

type Answer = { status: number; body?: unknown; headers?: Record<string, string> }
type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string }

const servers: Server[] = []

/** A server that answers what the test says, so that faults no healthy server shows can be tried. */
async function faultyServer(answers: (Answer | 'hang' | 'cut')[]) {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
    const answer = answers[Math.min(seen.length, answers.length) - 1]
    if (answer === 'hang') return
    if (answer === 'cut' || !answer) return void request.socket.destroy()
    response.writeHead(answer.status, { 'content-type': 'application/fhir+json', ...answer.headers })
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`, seen }
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const patient: Versioned<Patient> = { resourceType: 'Patient', id: 'a', meta: { versionId: '3' } }

for (const [name, transportFor] of [
  ['fetch', (baseUrl: string) => fetchTransport({ baseUrl, headers: () => ({ authorization: 'Bearer t' }) })],
  ['fhirclient', (baseUrl: string) => browserTransport({ baseUrl, token: async () => 't' })],
] as const) {
  test(`${name}: every update carries the version it was made from`, async () => {
    const { baseUrl, seen } = await faultyServer([{ status: 200, body: patient }])
    await new FhirClient(transportFor(baseUrl)).update(patient)
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      url: '/fhir/Patient/a',
      headers: { 'if-match': 'W/"3"', authorization: 'Bearer t' },
    })
  })

  test(`${name}: a refusal becomes an error with code, issues and correlation id, and without the body in its message`, async () => {
    const outcome = {
      resourceType: 'OperationOutcome',
      id: 'corr-1',
      issue: [
        {
          severity: 'error',
          code: 'conflict',
          diagnostics: 'CANARY',
          details: { coding: [{ system: 's', code: 'taken' }] },
        },
      ],
    }
    const { baseUrl } = await faultyServer([{ status: 409, body: outcome }])
    const error = await new FhirClient(transportFor(baseUrl))
      .update(patient)
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(FhirError)
    const fhirError = error as FhirError
    expect(fhirError).toMatchObject({
      code: 'conflict',
      status: 409,
      retryable: false,
      correlationId: 'corr-1',
    })
    expect(fhirError.reason('s')).toBe('taken')
    expect(fhirError.message).not.toContain('CANARY')
  })

  test(`${name}: a search is sent in the body, never in the address`, async () => {
    const { baseUrl, seen } = await faultyServer([
      { status: 200, body: { resourceType: 'Bundle', type: 'searchset', total: 0 } },
    ])
    await new FhirClient(transportFor(baseUrl)).search('Patient', { family: 'Secret', _count: 5 })
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/fhir/Patient/_search',
      body: 'family=Secret&_count=5',
    })
  })

  test(`${name}: a read is tried again when the server is away for a moment`, async () => {
    const { baseUrl, seen } = await faultyServer([{ status: 503 }, 'cut', { status: 200, body: patient }])
    await expect(new FhirClient(transportFor(baseUrl)).read('Patient', 'a')).resolves.toMatchObject({
      id: 'a',
    })
    expect(seen).toHaveLength(3)
  })
}

test('a write without an idempotency key is never repeated', async () => {
  const { baseUrl, seen } = await faultyServer([{ status: 503 }, { status: 200, body: patient }])
  await expect(new FhirClient(fetchTransport({ baseUrl })).update(patient)).rejects.toMatchObject({
    code: 'unavailable',
  })
  expect(seen).toHaveLength(1)
})

test('a server that hangs ends in a timeout, and the caller can stop waiting', async () => {
  const { baseUrl } = await faultyServer(['hang'])
  const client = new FhirClient(fetchTransport({ baseUrl }), { timeoutMs: 50 })
  await expect(client.update(patient)).rejects.toMatchObject({ code: 'timeout', status: 0 })
  const stop = new AbortController()
  const waiting = client.update(patient, { signal: stop.signal, timeoutMs: 60_000 })
  stop.abort(new Error('left the page'))
  await expect(waiting).rejects.toThrow('left the page')
})

test('an answer that is not FHIR is an unexpected response, not a crash', async () => {
  const { baseUrl } = await faultyServer([{ status: 200, body: ['surprise'] }])
  await expect(new FhirClient(fetchTransport({ baseUrl })).read('Patient', 'a')).rejects.toMatchObject({
    code: 'unexpected-response',
  })
})

test('a next link that leaves the FHIR base is refused, so that the token goes nowhere else', async () => {
  const bundle = {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [{ relation: 'next', url: 'https://evil.example/fhir/Patient?page=2' }],
  }
  const { baseUrl } = await faultyServer([{ status: 200, body: bundle }])
  await expect(new FhirClient(fetchTransport({ baseUrl })).search('Patient', {})).rejects.toThrow(
    'leaves the FHIR base',
  )
})

test('pages are followed to the end and keep matches and included resources apart', async () => {
  const slot = { resourceType: 'Slot', id: 's' }
  const { baseUrl, seen } = await faultyServer([
    {
      status: 200,
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        total: 2,
        link: [{ relation: 'next', url: '/fhir/Appointment?cursor=abc' }],
        entry: [
          { resource: { resourceType: 'Appointment', id: '1' } },
          { resource: slot, search: { mode: 'include' } },
        ],
      },
    },
    {
      status: 200,
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        entry: [{ resource: { resourceType: 'Appointment', id: '2' } }],
      },
    },
  ])
  const client = new FhirClient(fetchTransport({ baseUrl }))
  const ids: string[] = []
  const included: string[] = []
  for await (const page of client.pages('Appointment', { _include: ['Appointment:slot'] })) {
    expectTypeOf(page.included).items.toHaveProperty('schedule')
    included.push(...page.included.map((slot) => slot.id))
    ids.push(...page.resources.map((appointment) => appointment.id))
  }
  expect({ ids, included }).toEqual({ ids: ['1', '2'], included: ['s'] })
  expect(seen[1]?.url).toBe('/fhir/Appointment?cursor=abc')
})

test('a transaction names the version of everything it changes', () => {
  const bundle = new TransactionBuilder()
    .update(patient)
    .delete({ resourceType: 'Slot', id: 's', versionId: '2' })
    .toBundle()
  expect(bundle.entry?.map((entry) => entry.request?.ifMatch)).toEqual(['W/"3"', 'W/"2"'])
})

test('an update without a version does not type-check', () => {
  const client = new FhirClient(fetchTransport({ baseUrl: 'http://127.0.0.1:9' }))
  // @ts-expect-error a resource that was never read has no version
  const update = () => client.update({ resourceType: 'Patient', id: 'a' })
  expect(update).toBeTypeOf('function')
})
