import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, test } from 'vitest'
import { SCHEMA_VERSION } from '../store/schema.ts'
import { makeFolder, SECRET } from './record.ts'
import { type RecordProcess, spawnRecord, untilReady } from './record-process.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

async function start(
  folder: string,
  env: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<RecordProcess> {
  const record = await spawnRecord(folder, { env, flags })
  cleanups.push(() => record.child.kill('SIGKILL'))
  return record
}

function newFolder(): string {
  const folder = makeFolder()
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('the record starts on an empty folder while its sources are watched, too', async () => {
  const record = await start(newFolder(), {}, ['--watch'])
  await untilReady(record)
  const exited = once(record.child, 'exit')
  record.child.kill('SIGTERM')
  await exited
  expect(record.sentence()).toBe('')
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

  test('a file that another process has open', async () => {
    const folder = newFolder()
    const first = await start(folder)
    await untilReady(first)
    expect(await failure(folder)).toMatch(/in use by another process/)
    expect((await create(first, 'still')).status).toBe(201)
  })

  test('a restore that has not ended', async () => {
    const folder = newFolder()
    writeFileSync(path.join(folder, 'restore.json'), '{}')
    expect(await failure(folder)).toMatch(/restore .* was interrupted/)
  })
})

function create({ base }: RecordProcess, name: string): Promise<Response> {
  return fetch(`${base}/Location`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Location', name: name.padEnd(2000, 'x') }),
  })
}

test('a disk that takes no more is said to who writes, then in a sentence, and what was acknowledged is there again', async () => {
  const folder = newFolder()
  const record = await spawnRecord(folder, { limit: '-f 4000' })
  cleanups.push(() => record.child.kill('SIGKILL'))
  await untilReady(record)
  const exited = once(record.child, 'exit')
  let acknowledged = 0
  let refusal = { status: 0, text: '' }
  while (refusal.status === 0) {
    const answer = await create(record, 'A place')
    if (answer.status === 201) acknowledged += 1
    else refusal = { status: answer.status, text: await answer.text() }
  }
  expect(refusal).toEqual({ status: 503, text: expect.stringContaining('cannot store anything now') })
  expect((await exited)[0]).toBe(1)
  expect(record.sentence()).toMatch(
    /^(The disk that holds the record is full|The data file of the record cannot be written any more)\.$/,
  )
  expect(acknowledged).toBeGreaterThan(10)
  const again = await start(folder)
  await untilReady(again)
  const headers = { authorization: `Bearer ${SECRET}` }
  const count = await fetch(`${again.base}/Location?_summary=count`, { headers })
  expect(await count.json()).toMatchObject({ total: acknowledged })
})
