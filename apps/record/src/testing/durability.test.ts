import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { SCHEMA_VERSION } from '../store/schema.ts'
import { freePort, makeFolder, SECRET, send, type Answered } from './record.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

interface Process {
  child: ChildProcess
  base: string
  sentence: () => string
}

/** The record as it is really started. */
async function start(
  folder: string,
  more: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<Process> {
  const port = await freePort()
  const env = {
    ...process.env,
    RECORD_PORT: String(port),
    RECORD_SECRET: SECRET,
    OPENWARD_DATA: folder,
    LOG_LEVEL: 'silent',
    ...more,
  }
  const child = spawn(process.execPath, [...flags, MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  cleanups.push(() => child.kill('SIGKILL'))
  return { child, base: `http://127.0.0.1:${port}/openward`, sentence: () => stderr.trim() }
}

async function ready({ child, base }: Process): Promise<void> {
  const health = base.replace('/openward', '/health')
  while (child.exitCode === null) {
    const isUp = await fetch(health).then(
      (response) => response.ok,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('the record did not start')
}

function newFolder(): string {
  const folder = makeFolder()
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const location = (id: string, name: string) => ({ resourceType: 'Location', id, name })

test('the record starts on an empty folder while its sources are watched, too', async () => {
  const record = await start(newFolder(), {}, ['--watch'])
  await ready(record)
  const exited = once(record.child, 'exit')
  record.child.kill('SIGTERM')
  await exited
  expect(record.sentence()).toBe('')
})

describe('kill -9 in the middle of writing', () => {
  test('every acknowledged write is there again, every transaction is whole, and history has no gap', async () => {
    const folder = newFolder()
    const acknowledged = new Map<string, number>()
    for (let round = 0; round < 4; round++) {
      const record = await start(folder)
      await ready(record)
      await verify(record.base, acknowledged, round)
      const exited = once(record.child, 'exit')
      const clients = Array.from({ length: 6 }, (_one, client) =>
        write(record, `${round}-${client}`, client % 2 === 0, acknowledged),
      )
      setTimeout(() => record.child.kill('SIGKILL'), 150 + round * 70)
      await Promise.all([...clients, exited])
    }
    const last = await start(folder)
    await ready(last)
    await verify(last.base, acknowledged, 4)
    expect(acknowledged.size).toBeGreaterThan(10)
    const exited = once(last.child, 'exit')
    last.child.kill('SIGTERM')
    expect((await exited)[0]).toBe(0)
    const db = new DatabaseSync(path.join(folder, 'record', 'openward.sqlite'), { readOnly: true })
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    db.close()
  })

  async function write(
    record: Process,
    name: string,
    isTransaction: boolean,
    acknowledged: Map<string, number>,
  ): Promise<void> {
    for (let at = 1; record.child.exitCode === null && record.child.signalCode === null; at++) {
      const ids = isTransaction ? [`t-${name}-${at}-a`, `t-${name}-${at}-b`] : [`s-${name}`]
      const entry = ids.map((id) => ({
        resource: location(id, `v${at}`),
        request: { method: 'PUT', url: `Location/${id}` },
      }))
      const sent = isTransaction
        ? send(record.base, 'POST', '', { resourceType: 'Bundle', type: 'transaction', entry })
        : send(record.base, 'PUT', `Location/s-${name}`, location(`s-${name}`, `v${at}`))
      const status = await sent.then(
        (answer) => answer.status,
        () => 0,
      )
      if (status === 200 || status === 201) for (const id of ids) acknowledged.set(id, isTransaction ? 1 : at)
    }
  }

  async function verify(base: string, acknowledged: Map<string, number>, round: number): Promise<void> {
    const stored = new Map<string, number>()
    const all = await send(base, 'GET', 'Location?_count=5000&_sort=_id')
    for (const { resource } of all.json.entry ?? []) stored.set(resource.id, Number(resource.meta.versionId))
    for (const [id, version] of acknowledged)
      expect(stored.get(id) ?? 0, `${id} in round ${round}`).toBeGreaterThanOrEqual(version)
    const halves = [...stored.keys()].filter((id) => id.endsWith('-a'))
    for (const id of halves) expect(stored.has(id.replace(/-a$/, '-b'))).toBe(true)
    const single = [...acknowledged.keys()].find((id) => id.startsWith('s-'))
    if (single === undefined) return
    const history = await send(base, 'GET', `Location/${single}/_history?_count=1000`)
    const versions = history.json.entry.map((entry: Answered) => Number(entry.resource.meta.versionId))
    expect(versions).toEqual(Array.from({ length: versions.length }, (_one, at) => versions.length - at))
  }
})

describe('a start that cannot work ends with one sentence and leaves the file as it was', () => {
  async function failure(folder: string, more: Record<string, string> = {}): Promise<string> {
    const record = await start(folder, more)
    const [code] = await once(record.child, 'exit')
    expect(code).toBe(1)
    expect(record.sentence().split('\n')).toHaveLength(1)
    return record.sentence()
  }

  function fileIn(folder: string): string {
    mkdirSync(path.join(folder, 'record'))
    return path.join(folder, 'record', 'openward.sqlite')
  }

  test('a file of a newer version', async () => {
    const folder = newFolder()
    const db = new DatabaseSync(fileIn(folder))
    db.exec(`CREATE TABLE x (y); PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    db.close()
    const before = readFileSync(path.join(folder, 'record', 'openward.sqlite'))
    expect(await failure(folder)).toMatch(/newer version/)
    expect(readFileSync(path.join(folder, 'record', 'openward.sqlite'))).toEqual(before)
  })

  test('a damaged file', async () => {
    const folder = newFolder()
    const file = fileIn(folder)
    writeFileSync(file, 'not a database at all, '.repeat(500))
    expect(await failure(folder)).toMatch(/damaged/)
    expect(readFileSync(file, 'utf8')).toBe('not a database at all, '.repeat(500))
  })

  test('a database of another program', async () => {
    const folder = newFolder()
    const db = new DatabaseSync(fileIn(folder))
    db.exec('CREATE TABLE other (x)')
    db.close()
    expect(await failure(folder)).toMatch(/not a record/)
  })

  test.skipIf(process.getuid?.() === 0)('a folder that cannot be written', async () => {
    const folder = newFolder()
    chmodSync(folder, 0o500)
    expect(await failure(folder)).toMatch(/cannot be written/)
  })

  test('a path where no folder can be', async () => {
    const folder = path.join(newFolder(), 'file')
    writeFileSync(folder, '')
    expect(await failure(folder)).toMatch(/cannot be/)
  })

  test('a wrong setting names itself', async () => {
    expect(await failure(newFolder(), { RECORD_PORT: 'many' })).toMatch(/RECORD_PORT/)
    expect(await failure(newFolder(), { RECORD_SECRET: 'short' })).toMatch(/RECORD_SECRET/)
    expect(await failure(newFolder(), { RECORD_ORGANIZATIONS: '../up' })).toMatch(/RECORD_ORGANIZATIONS/)
  })

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await failure(newFolder(), { RECORD_PORT: String(port) })).toMatch(/taken/)
    other.close()
  })
})
