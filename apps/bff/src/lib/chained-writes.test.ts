import type { AuditEvent } from '@medplum/fhirtypes'
import { FhirClient, type FhirRequest, type FhirTransport, TransactionBuilder } from '@openward/fhir-client'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { AuditSpool, type SpoolLine } from './audit-spool.ts'
import { chainedWrites } from './chained-writes.ts'

const EVENT_ID = '5d01bf37-3243-4f47-9d83-8101134eeed9'

let folder: string
let spool: AuditSpool
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openward-chain-'))
  spool = new AuditSpool(folder)
})
afterEach(async () => {
  await spool.close()
  await rm(folder, { recursive: true })
})

function event(reference: string): AuditEvent & { id: string } {
  return {
    resourceType: 'AuditEvent',
    id: EVENT_ID,
    type: { code: 'rest' },
    recorded: '2027-01-01T00:00:00Z',
    agent: [{ requestor: true }],
    source: { observer: { display: 'test' } },
    entity: [{ what: { reference } }],
  }
}

async function linesSaid(): Promise<SpoolLine[]> {
  const names = (await readdir(spool.folder)).filter((name) => name.endsWith('.ndjson')).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(spool.folder, name), 'utf8')))
  return texts
    .flatMap((text) => text.trimEnd().split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as SpoolLine)
}

/** Sends one create with its event to a server that behaves like this. */
async function sendTo(
  answer: (request: FhirRequest) => Promise<{ status: number; body: unknown }>,
  isNamed: boolean,
) {
  const before: number[] = []
  const transport: FhirTransport = {
    baseUrl: 'http://fhir.example',
    send: async (request) => {
      before.push((await linesSaid()).length)
      return { headers: new Headers(), ...(await answer(request)) }
    },
  }
  const written = chainedWrites(transport, spool, 'openward')
  const transaction = new TransactionBuilder()
  const site = transaction.create({ resourceType: 'Location', name: 'Site' })
  transaction.createWithId(written.remember(event(isNamed ? 'Location/known' : site)))
  await new FhirClient(written.transport).transaction(transaction).catch(() => undefined)
  return { before, lines: await linesSaid() }
}

const stored = async () => ({
  status: 200,
  body: {
    resourceType: 'Bundle',
    type: 'transaction-response',
    entry: [
      { response: { status: '201', location: 'http://fhir.example/Location/new-1/_history/1' } },
      { response: { status: '201', location: `AuditEvent/${EVENT_ID}/_history/1` } },
    ],
  },
})

test('the link of an event is written before its transaction is sent', async () => {
  const { before, lines } = await sendTo(stored, true)
  expect(before).toEqual([1])
  expect(lines).toMatchObject([{ kind: 'intent', id: EVENT_ID }])
  expect(lines[0]?.hash).not.toBe('')
})

test('an event that refers to what it creates is settled with the id that the server gave', async () => {
  const { lines } = await sendTo(stored, false)
  expect(lines.map(({ kind, hash }) => [kind, hash === ''])).toEqual([
    ['intent', true],
    ['stored', false],
  ])
})

test('a refused transaction leaves a void link', async () => {
  const { lines } = await sendTo(
    async () => ({ status: 412, body: { resourceType: 'OperationOutcome', issue: [] } }),
    true,
  )
  expect(lines.map(({ kind }) => kind)).toEqual(['intent', 'void'])
})

test.each<[string, () => Promise<{ status: number; body: unknown }>]>([
  ['answered by a failure', async () => ({ status: 502, body: undefined })],
  ['never answered', () => Promise.reject(new Error('the connection broke'))],
])(
  'a transaction that is %s stays open, in the next file too, until the record was asked',
  async (_how, answer) => {
    await sendTo(answer, true)
    expect(spool.takeDoubts(60_000)).toEqual([])
    await spool.rotate()
    expect((await linesSaid()).map(({ kind }) => kind)).toEqual(['intent', 'intent'])
    expect(spool.takeDoubts(0)).toMatchObject([{ organization: 'openward', id: EVENT_ID }])
    await spool.annul('openward', EVENT_ID)
    await spool.rotate()
    expect((await linesSaid()).map(({ kind }) => kind)).toEqual(['intent', 'intent', 'void'])
  },
)

test('what holds no event of this session passes untouched', async () => {
  const seen: FhirRequest[] = []
  const transport: FhirTransport = {
    baseUrl: 'http://fhir.example',
    send: async (request) => {
      seen.push(request)
      return { status: 200, headers: new Headers(), body: { resourceType: 'Bundle', type: 'batch-response' } }
    },
  }
  const { transport: chained } = chainedWrites(transport, spool, 'openward')
  const foreign = {
    resource: event('Location/x'),
    request: { method: 'PUT' as const, url: `AuditEvent/${EVENT_ID}` },
  }
  await new FhirClient(chained).batch({ resourceType: 'Bundle', type: 'batch', entry: [foreign] })
  expect(seen).toHaveLength(1)
  expect(await linesSaid()).toEqual([])
})
