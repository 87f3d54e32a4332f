import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { startRecord, type RunningRecord } from '../record.ts'
import { freePort, makeFolder, SECRET, send, type Reply } from '../testing/record.ts'

const folder = makeFolder()
let record: RunningRecord | undefined
afterEach(async () => {
  await record?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<string> {
  const port = await freePort()
  const settings = {
    secret: SECRET,
    organizations: ['openward'],
    dataFolder: folder,
    log: pino({ level: 'silent' }),
  }
  record = await startRecord({
    ...settings,
    port,
    onStorageFailure: (reason) => {
      throw new Error(reason)
    },
  })
  return `http://127.0.0.1:${port}/openward`
}

/** A job as a process that died has left it. */
function leave(id: string, job: object, body?: string): void {
  const own = path.join(folder, 'jobs', 'openward', id)
  mkdirSync(own, { recursive: true })
  writeFileSync(
    path.join(own, 'job.json'),
    JSON.stringify({ id, request: `http://record/${id}`, attempts: 1, ...job }),
  )
  writeFileSync(path.join(own, 'Patient-1.ndjson'), '{"torn":')
  if (body !== undefined) writeFileSync(path.join(own, 'body'), body)
}

async function ended(base: string, id: string): Promise<Reply> {
  let answer = await send(base, 'GET', `$job-status?job=${id}`)
  while (answer.status === 202) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    answer = await send(base, 'GET', `$job-status?job=${id}`)
  }
  return answer
}

test('after a crash imports and exports are begun again and end whole; what cannot end says so in words', async () => {
  const patients = ['a', 'b', 'c'].map((id) => JSON.stringify({ resourceType: 'Patient', id }))
  leave('import', { work: { kind: 'import' } }, patients.join('\n'))
  leave('poison', { work: { kind: 'export', question: { level: 'system' } }, attempts: 3 })
  const base = await start()
  const imported = await ended(base, 'import')
  expect([imported.status, imported.json.extension.counts.created]).toEqual([200, 3])
  const poison = await ended(base, 'poison')
  expect([poison.status, poison.json.issue[0].details.text]).toEqual([
    500,
    'The job was interrupted too often and was given up.',
  ])
  await record?.stop()
  leave('export', { work: { kind: 'export', question: { level: 'system' } } })
  const next = await start()
  const exported = await ended(next, 'export')
  expect(exported.json.output).toEqual([
    { type: 'Patient', url: `${next}/$job-file?job=export&file=Patient-1.ndjson`, count: 3 },
  ])
  const file = await fetch(exported.json.output[0].url, { headers: { authorization: `Bearer ${SECRET}` } })
  const lines = (await file.text()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).id)).toEqual(['a', 'b', 'c'])
  expect((await ended(next, 'import')).json.extension.counts.created).toBe(3)
})
