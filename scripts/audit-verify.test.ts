import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { AuditEvent } from '@medplum/fhirtypes'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { keepLinks } from '../apps/bff/src/lib/audit-links.ts'
import { AuditSpool, type SpoolLine } from '../apps/bff/src/lib/audit-spool.ts'
import { runScript, startRecord, type TestRecord } from './testing/record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startRecord()
})
afterAll(() => record.stop())

function eventOf(id: string): AuditEvent & { id: string } {
  return {
    resourceType: 'AuditEvent',
    id,
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    recorded: '2027-01-01T00:00:00Z',
    agent: [{ requestor: true, who: { display: `someone ${id}` } }],
    source: { observer: { display: 'Openward BFF' } },
  }
}

async function store(event: AuditEvent & { id: string }): Promise<void> {
  const response = await fetch(`${record.baseUrl}/AuditEvent/${event.id}`, {
    method: 'PUT',
    headers: { ...record.headers, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(event),
  })
  expect(response.status).toBe(201)
}

/** Records these events as the BFF does, shipped and kept; gives the file of their chain. */
async function recordedBy(folder: string, events: readonly (AuditEvent & { id: string })[]): Promise<string> {
  const spool = new AuditSpool(folder)
  for (const event of events) await spool.append({ organization: 'openward', event })
  await spool.rotate()
  const [path = ''] = await spool.listEnded()
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  await keepLinks(
    spool.folder,
    lines.map((line) => JSON.parse(line) as SpoolLine),
  )
  rmSync(path)
  await spool.close()
  const chains = join(spool.folder, 'chains')
  return join(chains, readdirSync(chains)[0] ?? '')
}

async function verify(folder: string) {
  return runScript('audit-verify', [], { ...record.environment, OPENWARD_DATA: folder })
}

function newFolder(): string {
  const folder = join(record.folder, randomUUID())
  mkdirSync(folder)
  return folder
}

test('a trail as it was recorded is whole; one event that is changed or missing is named', async () => {
  const folder = newFolder()
  const events = Array.from({ length: 5 }, () => eventOf(randomUUID()))
  await recordedBy(folder, events)
  for (const event of events) await store(event)
  const whole = await verify(folder)
  expect([whole.code, whole.stdout]).toEqual([
    0,
    expect.stringContaining('5 events are as they were recorded'),
  ])
  expect(whole.stdout).toContain('1 chains with 5 links: whole')

  const [lost, other] = [eventOf(randomUUID()), eventOf(randomUUID())]
  await recordedBy(folder, [lost, other])
  await store({ ...other, outcome: '8' })
  const broken = await verify(folder)
  expect(broken.code).toBe(1)
  expect(broken.stdout).toContain(`CHANGED since they were recorded: ${other.id}`)
  expect(broken.stdout).toContain(`MISSING: ${lost.id}`)
})

test('a link that was taken out of a chain, or changed in it, is found', async () => {
  for (const change of [
    (lines: string[]) => lines.toSpliced(1, 1),
    (lines: string[]) => lines.with(1, (lines[1] ?? '').replace(/"hash":"./, '"hash":"x')),
  ]) {
    const folder = newFolder()
    const events = Array.from({ length: 3 }, () => eventOf(randomUUID()))
    const chain = await recordedBy(folder, events)
    for (const event of events) await store(event)
    const lines = readFileSync(chain, 'utf8').trimEnd().split('\n')
    writeFileSync(chain, `${change(lines).join('\n')}\n`)
    const { code, stdout } = await verify(folder)
    expect([code, stdout]).toEqual([1, expect.stringContaining('BROKEN: the chain')])
  }
})

test('what still waits in the spool is not missing, and no trail at all is said in one sentence', async () => {
  const folder = newFolder()
  const spool = new AuditSpool(folder)
  await spool.append({ organization: 'openward', event: eventOf(randomUUID()) })
  const { code, stdout } = await verify(folder)
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 events wait to be stored')])
  await spool.close()
  const nothing = await verify(newFolder())
  expect([nothing.code, nothing.stderr.trim().split('\n')]).toEqual([
    1,
    [expect.stringContaining('no audit folder')],
  ])
})

test('a record that cannot be reached is said in one sentence', async () => {
  const folder = newFolder()
  await recordedBy(folder, [eventOf(randomUUID())])
  const nowhere = { FHIR_BASE_URL: 'http://127.0.0.1:9/{organization}' }
  const { code, stderr } = await runScript('audit-verify', [], {
    ...record.environment,
    ...nowhere,
    OPENWARD_DATA: folder,
  })
  expect([code, stderr.trim().split('\n')]).toEqual([1, [expect.stringContaining('could not be read')]])
})
