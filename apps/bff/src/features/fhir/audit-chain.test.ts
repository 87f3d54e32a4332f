import { afterAll, beforeAll, expect, test } from 'vitest'
import { join } from 'node:path'

import { faultOfChain, hashOfEvent } from '#/lib/audit-chain.ts'
import { readAuditFolder } from '#/lib/audit-links.ts'
import { type Harness, startHarness } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'

const { ADMINISTRATOR, CLINICIAN, PATIENT_A } = people

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed(people.RESOURCES)
})
afterAll(() => harness.stop())

test('every event of reads, writes and refusals is a link of a whole chain, with the hash of what is stored', async () => {
  await harness.fetchAs(CLINICIAN, '/Observation/o-b')
  await harness.fetchAs(PATIENT_A, '/Patient/b')
  const client = await harness.clientFor(ADMINISTRATOR)
  const site = await client.create({ resourceType: 'Location' as const, name: 'Chained' })
  await client.update({ ...site, name: 'Chained again' })
  const stale = client.update({ ...site, name: 'Too late' })
  await expect(stale).rejects.toMatchObject({ status: 412 })
  await harness.app.shipper.ship()
  const { chains, waiting, refused } = await readAuditFolder(join(harness.dataFolder, 'audit'))
  expect([waiting.size, refused.size]).toEqual([0, 0])
  const links = [...chains.values()].flat()
  for (const chain of chains.values()) expect(faultOfChain(chain)).toBeUndefined()
  const voided = new Set(links.flatMap(({ kind, id }) => (kind === 'void' ? [id] : [])))
  const expected = new Map(
    links.flatMap(({ id, hash }) => (hash === '' || voided.has(id) ? [] : [[id, hash] as const])),
  )
  const stored = await harness.record.fhir().searchAll('AuditEvent', { _count: 500 })
  expect(new Map(stored.map((event) => [event.id, hashOfEvent(event)]))).toEqual(expected)
  expect(new Set(links.map(({ kind }) => kind))).toContain('intent')
})

test('a transaction that the record refuses leaves a link that says so, and no event', async () => {
  const client = await harness.clientFor(ADMINISTRATOR)
  // valid for access, not for the record: the code is not one of the required value set
  const broken = { resourceType: 'Location' as const, name: 'Broken', status: 'no-such-status' as 'active' }
  await expect(client.create(broken)).rejects.toMatchObject({ status: 422 })
  await harness.app.shipper.ship()
  const { chains } = await readAuditFolder(join(harness.dataFolder, 'audit'))
  const voided = [...chains.values()].flat().filter(({ kind }) => kind === 'void')
  expect(voided.length).toBeGreaterThan(0)
  for (const { id } of voided)
    expect((await harness.record.fhir().search('AuditEvent', { _id: id })).resources).toEqual([])
})
