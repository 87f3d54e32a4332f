import { FhirClient, fetchTransport } from '@openward/fhir-client'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestRecord, type TestRecord } from '#/testing/record.ts'
import { type ChangeFeed, createChangeFeed } from './change-feed.ts'

let folder: string
let record: TestRecord
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openward-feed-'))
  record = await startTestRecord(folder, ['openward'])
})
afterAll(async () => {
  await record.stop()
  await rm(folder, { recursive: true })
})

/** The record, with `$changes` taken away: as any other FHIR server is. */
function withoutChanges(): FhirClient {
  const headers = { authorization: `Bearer ${record.secret}` }
  const transport = fetchTransport({
    baseUrl: record.baseUrl.replace('{organization}', 'openward'),
    headers: () => headers,
  })
  return new FhirClient({
    baseUrl: transport.baseUrl,
    send: (request) =>
      transport.send({ ...request, path: request.path.replace('$changes', '$no-such-operation') }),
  })
}

/** Whether a write that happens while one waits is heard, with whose it is. */
async function hears(feed: ChangeFeed): Promise<boolean> {
  const { next } = await feed.changesAfter('openward', undefined)
  const { id } = await record.fhir().create({ resourceType: 'Patient' as const, active: true })
  const { changes } = await feed.changesAfter('openward', next)
  feed.stop()
  return changes.some(
    (change) => change.type === 'Patient' && change.id === id && change.patients.includes(id),
  )
}

test('a change is heard through the record’s feed', async () => {
  expect(await hears(createChangeFeed({ clientFor: () => record.fhir() }))).toBe(true)
})

test('a change is heard through history where a server has no feed', async () => {
  expect(await hears(createChangeFeed({ clientFor: withoutChanges }))).toBe(true)
})

test('those who wait at the same place share one request', async () => {
  let asked = 0
  const clientFor = () => {
    asked++
    return record.fhir()
  }
  const feed = createChangeFeed({ clientFor })
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => feed.changesAfter('openward', undefined)),
  )
  expect(asked).toBe(1)
  expect(new Set(answers).size).toBe(1)
})
