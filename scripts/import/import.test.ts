import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { ROOT } from '../system/env.ts'
import { runScript, startRecord, type TestRecord } from '../testing/record.ts'
import type { Problem } from './items.ts'
import { runImport } from './run.ts'

const SHARED = resolve(ROOT, '../shared/data')
let record: TestRecord
let folder: string

beforeAll(async () => {
  record = await startRecord()
})

afterAll(async () => {
  await record.stop()
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openward-files-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text)
}

type Told = { problems: [file: string, problem: Problem][]; skipped: string[] }

async function importFolder(
  source = folder,
  baseUrl = record.baseUrl,
): Promise<Told & { counts: Record<string, number> }> {
  const told: Told = { problems: [], skipped: [] }
  const result = await runImport({
    target: { baseUrl, headers: record.headers },
    source,
    stateFolder: record.folder,
    events: {
      onProblem: (file, problem) => told.problems.push([file, problem]),
      onSkipped: (file) => told.skipped.push(file),
      onProgress: () => undefined,
      onContinued: () => undefined,
    },
  })
  return { ...told, counts: Object.fromEntries(result.stored) }
}

function transaction(...entry: unknown[]): object {
  return { resourceType: 'Bundle', type: 'transaction', entry }
}

function posted(uuid: string, resource: { resourceType: string }, ifNoneExist?: string): object {
  const request = { method: 'POST', url: resource.resourceType, ...(ifNoneExist ? { ifNoneExist } : {}) }
  return { fullUrl: `urn:uuid:${uuid}`, resource, request }
}

const A = '0b1d0000-0000-4000-8000-00000000000a'
const B = '0b1d0000-0000-4000-8000-00000000000b'
const C = '0b1d0000-0000-4000-8000-00000000000c'

describe('bundles', () => {
  test('a transaction with urn:uuid and conditional references arrives whole, twice the same', async () => {
    const practitioner = {
      resourceType: 'Practitioner',
      identifier: [{ system: 'http://example.org/npi', value: '77' }],
    }
    write(
      'a-person.json.gz',
      transaction(
        posted(A, { resourceType: 'Patient' }),
        posted(B, {
          resourceType: 'Encounter',
          status: 'finished',
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
          subject: { reference: `urn:uuid:${A}` },
          participant: [{ individual: { reference: 'Practitioner?identifier=http://example.org/npi|77' } }],
        } as never),
      ),
    )
    write(
      'practitionerInformation1.json',
      transaction(posted(C, practitioner, 'identifier=http://example.org/npi|77')),
    )
    const before = await record.count('Practitioner')
    const first = await importFolder()
    expect(first.problems).toEqual([])
    expect(first.counts).toEqual({ Encounter: 1, Patient: 1, Practitioner: 1 })
    const stored = await record.get(`Encounter/${B}`)
    expect(stored).toMatchObject({ subject: { reference: `Patient/${A}` } })
    expect(JSON.stringify(stored['participant'])).toMatch(/"Practitioner\/[A-Za-z0-9.-]+"/)
    await importFolder()
    expect(await record.count('Practitioner')).toBe(before + 1)
    expect((await record.get(`Encounter/${B}`))['meta']).toEqual(stored['meta'])
  })

  test('a refused entry is named with its place and reason, and the others are stored', async () => {
    const ids = Array.from({ length: 9 }, (_, index) => `0b1d0000-0000-4000-8000-0000000000e${index}`)
    const entries = ids.map((id, index) =>
      posted(id, { resourceType: 'Patient', gender: index === 4 ? 'martian' : 'female' } as never),
    )
    write('people.json', transaction(...entries, posted(C, { resourceType: 'Nonsense' })))
    const { counts, problems } = await importFolder()
    expect(counts).toEqual({ Patient: 8 })
    expect(problems.map(([file, { where, type }]) => [file, where, type])).toEqual([
      ['people.json', 'entry 5', 'Patient'],
      ['people.json', 'entry 10', 'Nonsense'],
    ])
    expect(problems[0]?.[1].reason).toMatch(/gender/)
  })

  test('a refused entry does not take a conditional create with it, nor the references to it', async () => {
    const organization = {
      resourceType: 'Organization',
      name: 'Clinic',
      identifier: [{ system: 'http://example.org/org', value: '9' }],
    }
    write(
      'mixed.json',
      transaction(
        posted(A, organization, 'identifier=http://example.org/org|9'),
        posted(B, { resourceType: 'Patient', managingOrganization: { reference: `urn:uuid:${A}` } } as never),
        posted(C, { resourceType: 'Patient', gender: 'martian' } as never),
      ),
    )
    const { counts, problems } = await importFolder()
    expect(counts).toEqual({ Organization: 1, Patient: 1 })
    expect(problems).toHaveLength(1)
    const found = (await record.get('Organization?identifier=http://example.org/org|9')) as {
      entry: { resource: { id: string } }[]
    }
    expect(await record.get(`Patient/${B}`)).toMatchObject({
      managingOrganization: { reference: `Organization/${found.entry[0]?.resource.id}` },
    })
  })

  test('collections, search results, single resources and NDJSON are read too', async () => {
    const person = (id: string) => ({ resourceType: 'Patient', id })
    write('collection.json', {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: person('collected') }],
    })
    write('found.json', {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [{ resource: person('found') }, { resource: { resourceType: 'OperationOutcome', issue: [] } }],
    })
    write('single.json', person('single'))
    write(
      'lines.ndjson.gz',
      `${JSON.stringify(person('line-1'))}\n\n${JSON.stringify(person('line-3'))}\nnot json\n`,
    )
    const { counts, problems } = await importFolder()
    expect(counts).toEqual({ Patient: 5 })
    expect(problems).toEqual([['lines.ndjson.gz', { where: 'line 4', reason: 'it is not valid JSON' }]])
    expect(await record.get('Patient/line-3')).toMatchObject(person('line-3'))
  })
})

test('hostile files are named and the rest goes on', async () => {
  write('deep.json', `{"resourceType":"Basic","extension":${'['.repeat(60_000)}${']'.repeat(60_000)}}`)
  write(
    'prototype.json',
    '{"resourceType":"Patient","id":"proto","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  )
  write('broken.json.gz', 'x')
  writeFileSync(join(folder, 'broken.json.gz'), 'this is not gzip')
  write('empty.json', '')
  write('archive.tar', 'this is not a tar archive'.repeat(60))
  write('notes.txt', 'hello')
  write('manifest.json', {})
  write('data.xml', '<Patient/>')
  write('\u001b[31mred.json', '{')
  mkdirSync(join(folder, 'deeper'))
  write('deeper/good.json', { resourceType: 'Patient', id: 'good' })
  const { counts, problems, skipped } = await importFolder()
  expect(counts).toEqual({ Patient: 1 })
  expect(new Set(problems.map(([file]) => file))).toEqual(
    new Set([
      'deep.json',
      'prototype.json',
      'broken.json.gz',
      'empty.json',
      'archive.tar',
      '\u001b[31mred.json',
    ]),
  )
  expect(new Set(skipped)).toEqual(new Set(['notes.txt', 'manifest.json', 'data.xml']))
  expect({}).not.toHaveProperty('polluted')
})

/** Passes requests on to the record until it is told to break off. */
async function startProxy(): Promise<{
  baseUrl: string
  sent: string[]
  breakAfter: (count: number) => void
  stop: () => void
}> {
  const sent: string[] = []
  let limit = Infinity
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      const body = Buffer.concat(parts).toString()
      if (sent.length >= limit) return request.socket.destroy()
      sent.push(...[...body.matchAll(/"url":"Patient\/([^"]+)"/g)].map((match) => match[1] ?? ''))
      const headers = { ...record.headers, 'content-type': 'application/fhir+json' }
      const answer = await fetch(record.baseUrl, { method: 'POST', headers, body })
      return response.writeHead(answer.status).end(await answer.text())
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    breakAfter: (count) => (limit = count),
    stop: () => server.close(),
  }
}

test('an interrupted import goes on where it stopped, and leaves no state behind when it is done', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  for (const name of names) write(`${name}.json`, { resourceType: 'Patient', id: `resumed-${name}` })
  const states = () => readdirSync(record.folder).filter((name) => name.startsWith('import-'))
  const proxy = await startProxy()
  try {
    proxy.breakAfter(4)
    await expect(importFolder(folder, proxy.baseUrl)).rejects.toThrow('does not answer')
    expect(states()).toHaveLength(1)
    const before = [...proxy.sent]
    proxy.breakAfter(Infinity)
    const { counts } = await importFolder(folder, proxy.baseUrl)
    expect(counts).toEqual({ Patient: 8 })
    expect(before.length).toBeGreaterThanOrEqual(4)
    expect(new Set(proxy.sent)).toEqual(new Set(names.map((name) => `resumed-${name}`)))
    expect(proxy.sent).toHaveLength(8)
    expect(states()).toEqual([])
  } finally {
    proxy.stop()
  }
})

describe('the command', () => {
  test('prints counts per type and ends well when something was stored', async () => {
    write('one.json', { resourceType: 'Patient', id: 'by-command' })
    write('two.json', '{')
    const { code, stdout, stderr } = await runScript('import', [folder], record.environment)
    expect(stdout).toMatch(/Patient +1\nStored 1 resources? from 2 files\. 1 failed, 0 skipped\./)
    expect(stderr).toContain('Failed: two.json: it is not valid JSON')
    expect(code).toBe(0)
  })

  test.each([
    [['no-such-folder'], /There is no file or folder .*no-such-folder/],
    [[], /Say which folder or file/],
    [['a', '--organization', '../x'], /is not the name of an organization/],
    [['--nonsense', 'a'], /Unknown option/],
  ])('%j ends with a sentence and exit code 1', async (args, sentence) => {
    const { code, stderr } = await runScript('import', args, record.environment)
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(code).toBe(1)
  })

  test('ends with exit code 1 when nothing could be stored', async () => {
    write('two.json', '{')
    expect((await runScript('import', [folder], record.environment)).code).toBe(1)
  })

  test('a person of an imported file signs in as the patient, and joins a panel', async () => {
    write('one.json', { resourceType: 'Patient', id: 'linked' })
    await importFolder()
    const patient = await runScript('link', ['patient', 'Patient/linked'], record.environment)
    expect(patient).toMatchObject({
      code: 0,
      stdout: 'The account patient is now Patient/linked, from the next sign-in on.\n',
    })
    expect(existsSync(join(record.folder, 'links.json'))).toBe(true)
    const manager = await runScript('link', ['care-manager', 'Patient/linked'], record.environment)
    expect(manager.stdout).toContain('is now on the panel of care-manager')
    const teams = await record.get('CareTeam?participant=Practitioner/demo-care-manager&status=active')
    expect(JSON.stringify(teams)).toContain('Patient/linked')
    expect((await runScript('link', ['patient', 'Patient/missing'], record.environment)).code).toBe(1)
    expect((await runScript('link', ['--clear', 'care-manager'], record.environment)).stdout).toContain(
      '1 linked person left',
    )
  })
})

describe.runIf(existsSync(SHARED))('the shared data', () => {
  test('every Synthea bundle is stored, entry by entry', { timeout: 300_000 }, async () => {
    const { counts, problems, skipped } = await importFolder(join(SHARED, 'synthea'))
    expect(problems).toEqual([])
    expect(skipped).toEqual(['manifest.json'])
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(39_662)
  })

  test(
    'archives of examples are read to their end; what is refused is named',
    { timeout: 300_000 },
    async () => {
      const core = await importFolder(join(SHARED, 'us-core'))
      expect(core.counts['Observation']).toBeGreaterThan(100)
      expect(core.problems.length).toBeLessThan(5)
      const examples = await importFolder(join(SHARED, 'fhir-test-cases'))
      expect(Object.keys(examples.counts).length).toBeGreaterThan(50)
      expect(examples.problems.every(([, { reason }]) => reason !== '')).toBe(true)
    },
  )
})
