import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET, startTestRecord, type Answered, type TestRecord } from '../testing/record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

const NDJSON = { 'content-type': 'application/fhir+ndjson' }
const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more })

function importNow(lines: (object | string)[], headers: Record<string, string> = {}) {
  const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  return record.send('POST', '$import', body, { ...NDJSON, ...headers })
}

function countsOf(json: Answered): number[] {
  const value = (name: string) => json.parameter.find((one: Answered) => one.name === name).valueInteger
  return ['created', 'updated', 'unchanged', 'refused'].map(value)
}

function refusalsOf(json: Answered): [number, string, string][] {
  return json.parameter
    .filter((one: Answered) => one.name === 'outcome')
    .map(({ resource: { extension, issue } }: Answered) => [
      extension[0].valueInteger,
      issue[0].code,
      issue[0].expression?.[0],
    ])
    .toSorted((a: [number], b: [number]) => a[0] - b[0])
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 5))

test('lines are stored under their ids and as they were written; sent again they make no version', async () => {
  const observation =
    '{"resourceType":"Observation","id":"exact","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00}}'
  const lines = [patient('one'), '', patient('two', { active: true }), observation]
  const first = await importNow(lines)
  expect([first.status, ...countsOf(first.json)]).toEqual([200, 3, 0, 0, 0])
  const stored = await fetch(`${record.base}/Observation/exact`, {
    headers: { authorization: `Bearer ${SECRET}` },
  })
  expect(await stored.text()).toContain('"value":1.00')
  await pause()
  const again = await importNow([...lines.slice(0, 2), patient('two', { active: false }), observation])
  expect(countsOf(again.json)).toEqual([0, 1, 2, 0])
  expect((await record.send('GET', 'Patient/one')).json.meta.versionId).toBe('1')
  expect((await record.send('GET', 'Patient/two')).json.meta.versionId).toBe('2')
})

test('what is refused is told by line with its reason, never with what was in it, and all others are stored', async () => {
  const deep = `{"resourceType":"Patient","id":"deep","extension":${'[{"extension":'.repeat(200)}1${'}]'.repeat(200)}}`
  const lines = [
    patient('good-1'),
    '{"resourceType":"Patient",',
    '[]',
    { resourceType: 'Robot', id: 'x' },
    { resourceType: 'Patient' },
    patient('bad/id'),
    patient('wrong', { gender: 'secret-word' }),
    deep,
    { resourceType: 'Schedule', id: 'conditional', actor: [{ reference: 'Practitioner?identifier=a|b' }] },
    '"},"request":{"method":"DELETE","url":"Patient/good-1"}},{"resource":{"resourceType":"Patient"',
    patient('good-2'),
  ]
  const { status, json } = await importNow(lines)
  expect([status, ...countsOf(json)]).toEqual([200, 2, 0, 0, 9])
  expect(refusalsOf(json)).toEqual([
    [2, 'structure', undefined],
    [3, 'structure', undefined],
    [4, 'structure', undefined],
    [5, 'required', undefined],
    [6, 'required', undefined],
    [7, 'code-invalid', 'Patient.gender'],
    [8, 'invalid', undefined],
    [9, 'not-supported', expect.stringMatching(/actor\[0\]/)],
    [10, 'structure', undefined],
  ])
  expect(JSON.stringify(json)).not.toContain('secret-word')
  for (const id of ['good-1', 'good-2']) expect((await record.send('GET', `Patient/${id}`)).status).toBe(200)
})

test('an import longer than any body may be is read as fast as it is stored, while others write and read', async () => {
  const filler = 'x'.repeat(40_000)
  const sent = request(`${record.base}/$import`, {
    method: 'POST',
    headers: { ...NDJSON, authorization: `Bearer ${SECRET}` },
  })
  const answered = once(sent, 'response')
  let waited = 0
  let between: Answered
  for (let at = 0; at < 700; at++) {
    const line = JSON.stringify(patient(`long-${at}`, { name: [{ text: filler }] }))
    if (!sent.write(`${line}\n`)) {
      waited += 1
      await once(sent, 'drain')
    }
    if (at === 350) between = await record.send('PUT', 'Patient/between', patient('between'))
  }
  sent.end()
  const [response] = (await answered) as [Readable]
  const text: string = await response
    .setEncoding('utf8')
    .reduce((all: string, piece: string) => all + piece, '')
  expect(countsOf(JSON.parse(text))).toEqual([700, 0, 0, 0])
  expect(waited).toBeGreaterThan(0)
  expect(between.status).toBe(201)
  expect((await record.send('GET', 'Patient?_summary=count&name=xxxx')).json.total).toBe(700)
})

test('an import that breaks off keeps what it has stored, and the record goes on', async () => {
  const sent = request(`${record.base}/$import`, {
    method: 'POST',
    headers: { ...NDJSON, authorization: `Bearer ${SECRET}` },
  })
  sent.on('error', () => undefined)
  for (let at = 0; at < 60; at++) sent.write(`${JSON.stringify(patient(`broken-${at}`))}\n`)
  sent.write('{"resourceType":"Pati')
  let stored = 0
  for (let turn = 0; turn < 200 && stored < 50; turn++) {
    await pause()
    stored = (await record.send('GET', 'Patient/broken-49')).status === 200 ? 50 : 0
  }
  sent.destroy()
  await pause()
  expect(stored).toBe(50)
  expect(countsOf((await importNow([patient('after')])).json)).toEqual([1, 0, 0, 0])
})

test('kept for later, an import is a job: it tells its progress, its counts and its refusals, and can be ended', async () => {
  const lines = [
    ...Array.from({ length: 300 }, (_one, at) => patient(`job-${at}`)),
    patient('job-bad', { gender: 'x' }),
  ]
  const { status, headers } = await importNow(lines, { prefer: 'respond-async' })
  expect(status).toBe(202)
  const job = (headers.get('content-location') ?? '').slice(record.base.length + 1)
  let answer = await record.send('GET', job)
  while (answer.status === 202) {
    expect(answer.headers.get('x-progress')).toMatch(/% read$/)
    await pause()
    answer = await record.send('GET', job)
  }
  expect([answer.status, answer.json.request]).toEqual([200, `${record.base}/$import`])
  expect(answer.json.extension.counts).toEqual({ created: 300, updated: 0, unchanged: 0, refused: 1 })
  expect(answer.json.error).toHaveLength(1)
  const { url, count } = answer.json.error[0]
  const text = await (await fetch(url, { headers: { authorization: `Bearer ${SECRET}` } })).text()
  expect(count).toBe(1)
  expect(JSON.parse(text).extension[0].valueInteger).toBe(301)
  expect((await record.send('DELETE', job)).status).toBe(202)
  const many = Array.from({ length: 3000 }, (_one, at) => patient(`ended-${at}`))
  const started = await importNow(many, { prefer: 'respond-async' })
  const ended = (started.headers.get('content-location') ?? '').slice(record.base.length + 1)
  expect((await record.send('DELETE', ended)).status).toBe(202)
  const { total } = (await record.send('GET', 'Patient?_summary=count')).json
  expect((await record.send('GET', ended)).status).toBe(404)
  expect((await record.send('GET', 'Patient/ended-2999')).status).toBe(404)
  await pause()
  expect((await record.send('GET', 'Patient?_summary=count')).json.total).toBe(total)
  expect(readdirSync(path.join(record.folder, 'jobs', 'openward'))).toEqual([])
})

test('what is no list of lines is refused', async () => {
  const asJson = await record.send('POST', '$import', { resourceType: 'Parameters' })
  expect([asJson.status, asJson.json.issue[0].code]).toEqual([415, 'not-supported'])
  expect((await importNow(['x'], { 'content-encoding': 'gzip' })).status).toBe(415)
  expect((await record.send('GET', '$import')).status).toBe(405)
  const empty = await importNow([])
  expect([empty.status, ...countsOf(empty.json)]).toEqual([200, 0, 0, 0, 0])
})
