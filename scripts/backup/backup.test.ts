import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest'

import { runScript, startRecord, type TestRecord } from '../testing/record.ts'
import { checkFile } from './content.ts'
import { endInterruptedRestore } from './pending.ts'

const ORGANIZATIONS = 'openward,lakeside'
let shared: string
let good: string
let folder: string
let data: string

async function save(record: TestRecord, organization: string, id: string, name: string): Promise<number> {
  const response = await fetch(`${record.baseUrl.replace('openward', organization)}/Location/${id}`, {
    method: 'PUT',
    headers: { ...record.headers, 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Location', id, name }),
  })
  return response.status
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** Every file but locks and what SQLite keeps beside a record, with its hash. */
function filesOf(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true }).map(String).toSorted()
  const kept = names.filter((name) => !/-(?:lock|wal|shm)$/.test(name) && statSync(join(path, name)).isFile())
  return Object.fromEntries(kept.map((name) => [name, sha256(join(path, name))]))
}

function run(name: 'backup' | 'restore', ...args: string[]) {
  return runScript(name, args, { OPENWARD_DATA: data })
}

beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), 'openward-backup-'))
  good = join(shared, 'good.tar')
  data = join(shared, 'data')
  const record = await startRecord({ folder: data, organizations: ORGANIZATIONS })
  for (let n = 0; n < 40; n += 1) await save(record, 'openward', `l${n}`, `Place ${n}`)
  await save(record, 'lakeside', 'x', 'Elsewhere')
  await record.stop()
  writeFileSync(join(data, 'links.json'), '{"patient":{"fhirUser":"Patient/a"}}')
  mkdirSync(join(data, 'audit', 'chains'), { recursive: true })
  writeFileSync(join(data, 'audit', 'chains', 'one.ndjson'), '{"n":1}\n')
  writeFileSync(
    join(data, 'audit', '1-0f0f0f0f-0000-4000-8000-000000000000-1.ndjson'),
    '{"whole":1}\n{"not who',
  )
  await run('backup', good)
})
afterAll(() => rmSync(shared, { recursive: true, force: true }))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openward-restore-'))
  data = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a drill: written to during the backup, wiped, restored: the same content, history, ids and feed, and the record answers and goes on', async () => {
  const file = join(folder, 'b.tar')
  const record = await startRecord({ folder: data, organizations: ORGANIZATIONS })
  for (let n = 0; n < 20; n += 1) await save(record, 'openward', `l${n}`, 'First')
  let isDone = false
  let acknowledged = 0
  async function writeOn(name: string): Promise<void> {
    for (let n = 0; !isDone; n += 1)
      if ((await save(record, 'openward', `${name}${n % 7}`, `Name ${n}`)) < 300) acknowledged += 1
  }
  const writers = [writeOn('a'), writeOn('b'), writeOn('c')]
  const made = await run('backup', file)
  isDone = true
  await Promise.all(writers)
  expect(made).toMatchObject({ code: 0 })
  expect(made.stdout).toMatch(/Wrote .* read it back[\s\S]*health data/)
  expect(acknowledged).toBeGreaterThan(10)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await record.stop()

  rmSync(data, { recursive: true })
  const restored = await run('restore', file)
  expect(restored).toMatchObject({ code: 0 })
  const path = join(data, 'record', 'openward.sqlite')
  const content = checkFile(path)
  const again = await startRecord({ folder: data, organizations: ORGANIZATIONS })
  const bundle = await again.get('Location?_count=100&_sort=_id')
  expect((bundle['entry'] as unknown[]).length).toBe(content.resources['Location'])
  expect(await again.get('Location/l3/_history/1')).toMatchObject({ id: 'l3', name: 'First' })
  const history = (await again.get('Location/a0/_history'))['entry'] as {
    resource: { meta: { versionId: string } }
  }[]
  expect(history.map(({ resource }) => Number(resource.meta.versionId))).toEqual(
    history.map((_one, at) => history.length - at),
  )
  expect(await again.get('$changes')).toEqual({ next: content.lastSeq, changes: [] })
  expect(await save(again, 'openward', 'l3', 'Second')).toBe(200)
  expect(await again.get('Location/l3')).toMatchObject({ meta: { versionId: '2' } })
  await again.stop()
})

test('a backup holds links, the chain of the audit trail and events on their way, whole lines only, and no secrets', async () => {
  writeFileSync(join(shared, 'data', 'secrets.json'), '{}')
  expect(await run('restore', good)).toMatchObject({ code: 0 })
  expect(readFileSync(join(data, 'links.json'), 'utf8')).toBe('{"patient":{"fhirUser":"Patient/a"}}')
  expect(readFileSync(join(data, 'audit', 'chains', 'one.ndjson'), 'utf8')).toBe('{"n":1}\n')
  const spooled = readdirSync(join(data, 'audit')).find((name) => name.endsWith('.ndjson'))
  expect(readFileSync(join(data, 'audit', spooled ?? ''), 'utf8')).toBe('{"whole":1}\n')
  expect(JSON.parse(readFileSync(join(data, 'population.json'), 'utf8'))).toMatchObject({
    organizations: ['lakeside', 'openward'],
  })
  expect(existsSync(join(data, 'secrets.json'))).toBe(false)
})

describe('a backup is refused in a sentence, and nothing is left behind,', () => {
  async function refusal(...args: string[]): Promise<string> {
    const before = filesOf(folder)
    const { code, stdout, stderr } = await run('backup', ...args)
    expect([code, stdout]).toEqual([1, ''])
    expect(filesOf(folder)).toEqual(before)
    return stderr
  }

  test('when the file exists, its folder does not, there is no record, or the record is damaged', async () => {
    const file = join(folder, 'b.tar')
    expect(await refusal(file)).toMatch(/no record/)
    mkdirSync(join(data, 'record'), { recursive: true })
    copyFileSync(join(shared, 'data', 'record', 'openward.sqlite'), join(data, 'record', 'openward.sqlite'))
    expect(await refusal(join(folder, 'none', 'b.tar'))).toMatch(/no folder/)
    writeFileSync(file, 'mine')
    expect(await refusal(file)).toMatch(/exists already/)
    rmSync(file)
    const record = join(data, 'record', 'openward.sqlite')
    const bytes = readFileSync(record)
    bytes.fill(0xff, 3 * 8192, 3 * 8192 + 64)
    writeFileSync(record, bytes)
    expect(await refusal(file)).toMatch(/damaged/)
  })

  test('when no file or two are named', async () => {
    expect(await refusal()).toMatch(/Say which file/)
    expect(await refusal('a', 'b')).toMatch(/Say which file/)
  })
})

describe('a restore is refused in a sentence, and everything stays as it was,', () => {
  async function refusal(...args: string[]): Promise<string> {
    const before = filesOf(folder)
    const { code, stdout, stderr } = await run('restore', ...args)
    expect([code, stdout]).toEqual([1, ''])
    expect(filesOf(folder)).toEqual(before)
    return stderr
  }

  test('when the backup is cut off, flipped anywhere, of a newer version, or no backup at all', async () => {
    await run('restore', good)
    const file = join(folder, 'b.tar')
    const bytes = readFileSync(good)
    const manifestAt = bytes.indexOf('openward-backup.json')
    for (const at of [
      0,
      124,
      700,
      512 + 5 * 8192,
      Math.floor(bytes.length / 2),
      manifestAt,
      manifestAt + 700,
    ]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x01
      writeFileSync(file, changed)
      expect([at, await refusal('--replace', file)]).toEqual([
        at,
        expect.stringMatching(/damaged|not a backup/),
      ])
    }
    for (const size of [0, 100, 512, 100_000, bytes.length - 1024]) {
      copyFileSync(good, file)
      truncateSync(file, size)
      expect(await refusal('--replace', file)).toMatch(/damaged|not a backup/)
    }
    for (const [wanted, written] of [
      ['"version": 1', '"version": 2'],
      ['"schemaVersion": ', '"schemaVersion":9'],
    ] as const) {
      writeFileSync(file, Buffer.from(bytes.toString('latin1').replaceAll(wanted, written), 'latin1'))
      expect(await refusal('--replace', file)).toMatch(/newer version/)
    }
    writeFileSync(
      file,
      Buffer.from(
        bytes.toString('latin1').replaceAll('record/lakeside.sqlite', '../../up/ab.sqlite.gone'),
        'latin1',
      ),
    )
    expect(await refusal('--replace', file)).toMatch(/damaged/)
    expect(await refusal('--replace', join(folder, 'nothing'))).toMatch(/no file/)
    expect(await refusal('--replace', '--fingerprint', '0'.repeat(64), good)).toMatch(/another backup/)
  })

  test('when there is a record, or one runs', async () => {
    await run('restore', good)
    expect(await refusal(good)).toMatch(/--replace/)
    const record = await startRecord({ folder: data, organizations: ORGANIZATIONS })
    expect((await run('restore', '--replace', good)).stderr).toMatch(/in use/)
    expect(await save(record, 'openward', 'still', 'Here')).toBe(201)
    await record.stop()
  })
})

test('a check reads the whole backup and writes nothing', async () => {
  expect(await run('restore', '--check', good)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/is whole/),
  })
  expect(existsSync(data)).toBe(false)
})

test('with --replace, what was there is kept aside, with how far imports had come', async () => {
  const record = await startRecord({ folder: data, organizations: ORGANIZATIONS })
  await save(record, 'openward', 'old', 'Old')
  await record.stop()
  writeFileSync(join(data, 'import-0123.json'), '{}')
  expect(await run('restore', '--replace', good)).toMatchObject({ code: 0 })
  const aside = readdirSync(data).find((name) => name.startsWith('before-restore-')) ?? ''
  expect(checkFile(join(data, aside, 'record', 'openward.sqlite')).resources).toEqual({ Location: 1 })
  expect(checkFile(join(data, 'record', 'openward.sqlite')).resources).toEqual({ Location: 40 })
  expect(existsSync(join(data, aside, 'import-0123.json'))).toBe(true)
  expect(existsSync(join(data, 'import-0123.json'))).toBe(false)
})

test('a restore that is killed at any moment leaves the old record or the new one, and the next command ends it', async () => {
  const record = await startRecord({ folder: data, organizations: ORGANIZATIONS })
  await save(record, 'openward', 'old', 'Old')
  await record.stop()
  const path = join(data, 'record', 'openward.sqlite')
  const outcomes = new Set<number>()
  for (let afterMs = 100; outcomes.size < 2 && afterMs < 60_000; afterMs *= 1.2) {
    await runScript('restore', ['--replace', good], { OPENWARD_DATA: data }, afterMs)
    endInterruptedRestore(data)
    const { resources } = checkFile(path)
    expect([1, 40]).toContain(resources['Location'])
    expect(existsSync(join(data, 'restore.json')) || existsSync(join(data, 'restore-staging'))).toBe(false)
    outcomes.add(resources['Location'] ?? 0)
  }
  expect(outcomes.size).toBe(2)
})
