import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET, startTestRecord, type Answered, type TestRecord } from '../testing/record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
  for (const resource of RESOURCES) await save(resource)
})
afterAll(() => record.stop())

const code = { text: 'x' }
const of = (id: string) => ({ reference: `Patient/${id}` })
const RESOURCES: Answered[] = [
  { resourceType: 'Organization', id: 'clinic', name: 'C' },
  { resourceType: 'Organization', id: 'elsewhere', name: 'E' },
  { resourceType: 'Patient', id: 'ana', gender: 'female', birthDate: '1990-01-01' },
  { resourceType: 'Patient', id: 'ben', managingOrganization: { reference: 'Organization/clinic' } },
  { resourceType: 'Patient', id: 'cem' },
  {
    resourceType: 'Observation',
    id: 'a1',
    status: 'final',
    code,
    subject: of('ana'),
    valueString: 'é "quoted"\n',
  },
  { resourceType: 'Observation', id: 'a2', status: 'preliminary', code, subject: of('ana') },
  { resourceType: 'Observation', id: 'b1', status: 'final', code, subject: of('ben') },
  { resourceType: 'Device', id: 'pump', patient: of('cem') },
  {
    resourceType: 'DeviceUseStatement',
    id: 'use',
    status: 'active',
    subject: of('ben'),
    device: { reference: 'Device/pump' },
  },
  {
    resourceType: 'Group',
    id: 'ours',
    type: 'person',
    actual: true,
    member: [{ entity: of('ben') }, { entity: of('cem') }, { entity: of('ana'), inactive: true }],
  },
]

async function save(resource: Answered): Promise<Answered> {
  const { status, json } = await record.send('PUT', `${resource.resourceType}/${resource.id}`, resource)
  expect([status < 300, json.issue]).toEqual([true, undefined])
  return json
}

const relative = (url: string) => url.slice(record.base.length + 1)

async function kickOff(address: string, body?: object, prefer = 'respond-async'): Promise<string> {
  const { status, headers } = await record.send(body === undefined ? 'GET' : 'POST', address, body, {
    prefer,
  })
  expect(status).toBe(202)
  return relative(headers.get('content-location') ?? '')
}

async function manifestOf(status: string): Promise<Answered> {
  let answer = await record.send('GET', status)
  while (answer.status === 202) {
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 20))
    answer = await record.send('GET', status)
  }
  expect(answer.status).toBe(200)
  expect(Date.parse(answer.headers.get('expires') ?? '')).toBeGreaterThan(Date.now())
  return answer.json
}

function fetchFile(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { headers: { authorization: `Bearer ${SECRET}`, ...headers } })
}

async function linesOf(files: { url: string; count: number }[]): Promise<Answered[]> {
  const lines: Answered[] = []
  for (const { url, count } of files) {
    const response = await fetchFile(url)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/fhir+ndjson'])
    const text = await response.text()
    const found = text.split('\n').filter((line) => line !== '')
    expect(found).toHaveLength(count)
    lines.push(...found.map((line) => JSON.parse(line)))
  }
  return lines
}

/** Runs an export to its end and forgets it. */
async function exported(
  address: string,
  body?: object,
): Promise<{ manifest: Answered; names: string[]; lines: Answered[] }> {
  const status = await kickOff(address, body)
  const manifest = await manifestOf(status)
  const lines = await linesOf(manifest.output)
  await record.send('DELETE', status)
  return { manifest, lines, names: lines.map((line) => `${line.resourceType}/${line.id}`).toSorted() }
}

const parameters = (...list: [string, object][]) => ({
  resourceType: 'Parameters',
  parameter: list.map(([name, value]) => ({ name, ...value })),
})

test('an export of everything is asked once, told when it is ready, and holds each resource as it is stored, for the bearer only', async () => {
  const status = await kickOff('$export?_outputFormat=ndjson')
  const manifest = await manifestOf(status)
  expect(manifest.request).toBe(`${record.base}/$export?_outputFormat=ndjson`)
  expect([manifest.requiresAccessToken, manifest.deleted, manifest.error]).toEqual([true, [], []])
  const last = (await record.send('GET', '_history?_count=1')).json.entry[0].resource.meta.lastUpdated
  expect(manifest.transactionTime).toBe(last)
  const lines = await linesOf(manifest.output)
  expect(lines).toHaveLength(RESOURCES.length)
  for (const line of lines)
    expect(line).toEqual((await record.send('GET', `${line.resourceType}/${line.id}`)).json)
  for (const { type, url } of manifest.output)
    for (const line of await linesOf([
      { url, count: lines.filter((one) => one.resourceType === type).length },
    ]))
      expect(line.resourceType).toBe(type)
  const { url } = manifest.output[0]
  expect((await fetch(url)).status).toBe(401)
  const zipped = await fetchFile(url, { 'accept-encoding': 'gzip' })
  expect(zipped.headers.get('content-encoding')).toBe('gzip')
  expect(await zipped.text()).toBe(await (await fetchFile(url, { 'accept-encoding': 'identity' })).text())
  const folder = path.join(record.folder, 'jobs', 'openward')
  const [job = ''] = readdirSync(folder)
  expect(statSync(path.join(folder, job)).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(path.join(folder, job)))
    expect(statSync(path.join(folder, job, name)).mode & 0o777).toBe(0o600)
  expect((await record.send('DELETE', status)).status).toBe(202)
  expect(existsSync(path.join(folder, job))).toBe(false)
  expect((await record.send('GET', status)).status).toBe(404)
  expect((await fetchFile(url)).status).toBe(404)
})

test('types, searches and elements narrow an export', async () => {
  const typed = await exported('$export?_type=Patient,Organization')
  expect(typed.names).toEqual([
    'Organization/clinic',
    'Organization/elsewhere',
    'Patient/ana',
    'Patient/ben',
    'Patient/cem',
  ])
  const filters = ['Observation?status=preliminary', 'Observation?subject=Patient/ben'].map(
    encodeURIComponent,
  )
  const found = await exported(`$export?_type=Observation&_typeFilter=${filters[0]},${filters[1]}`)
  expect(found.names).toEqual(['Observation/a2', 'Observation/b1'])
  const repeated = await exported(`$export?_type=Observation,Patient&_typeFilter=${filters[0]}`)
  expect(repeated.names).toEqual(['Observation/a2', 'Patient/ana', 'Patient/ben', 'Patient/cem'])
  const { lines } = await exported('$export?_type=Patient,Observation&_elements=Patient.gender,subject')
  const ana = lines.find((line) => line.id === 'ana')
  expect(Object.keys(ana).toSorted()).toEqual(['gender', 'id', 'meta', 'resourceType'])
  expect(ana.meta.tag[0].code).toBe('SUBSETTED')
  const observation = lines.find((line) => line.id === 'a1')
  expect(Object.keys(observation).toSorted()).toEqual([
    'code',
    'id',
    'meta',
    'resourceType',
    'status',
    'subject',
  ])
})

test('persons’ exports hold their compartments and what these refer to, never what is another person’s', async () => {
  const all = await exported('Patient/$export')
  expect(all.names).toEqual(
    RESOURCES.map((one) => `${one.resourceType}/${one.id}`)
      .filter((name) => name !== 'Organization/elsewhere' && name !== 'Device/pump')
      .toSorted(),
  )
  const ana = await exported('Patient/$export', parameters(['patient', { valueReference: of('ana') }]))
  expect(ana.names).toEqual(['Group/ours', 'Observation/a1', 'Observation/a2', 'Patient/ana'])
  const group = await exported('Group/ours/$export')
  expect(group.names).toEqual([
    'Device/pump',
    'DeviceUseStatement/use',
    'Group/ours',
    'Observation/b1',
    'Organization/clinic',
    'Patient/ben',
    'Patient/cem',
  ])
  const one = await exported(
    'Group/ours/$export',
    parameters(['patient', { valueReference: of('ben') }], ['patient', { valueReference: of('ana') }]),
  )
  expect(one.names).toEqual([
    'DeviceUseStatement/use',
    'Group/ours',
    'Observation/b1',
    'Organization/clinic',
    'Patient/ben',
  ])
})

test('since an earlier export: what changed, and what is gone as transactions that can be run', async () => {
  await save({ resourceType: 'Observation', id: 'gone', status: 'final', code, subject: of('ana') })
  await save({ resourceType: 'Organization', id: 'closed', name: 'Closed' })
  const { manifest } = await exported('$export')
  // The next change is in a later millisecond.
  await new Promise((resolve) => setTimeout(resolve, 3))
  await record.send('DELETE', 'Observation/gone')
  await record.send('DELETE', 'Organization/closed')
  await new Promise((resolve) => setTimeout(resolve, 3))
  const changed = await save({ resourceType: 'Patient', id: 'cem', active: true })
  const since = encodeURIComponent(new Date(Date.parse(manifest.transactionTime) + 1).toISOString())
  const later = await runKept(`$export?_since=${since}`)
  expect(later.names).toEqual(['Patient/cem'])
  expect(later.deleted.toSorted()).toEqual(['Observation/gone', 'Organization/closed'])
  expect((await runKept(`Patient/$export?_since=${since}`)).deleted).toEqual(['Observation/gone'])
  const bens = parameters(
    ['_since', { valueInstant: decodeURIComponent(since) }],
    ['patient', { valueReference: of('ben') }],
  )
  expect((await runKept('Patient/$export', bens)).deleted).toEqual([])
  const until = encodeURIComponent(new Date(Date.parse(changed.meta.lastUpdated) - 1).toISOString())
  expect((await exported(`$export?_type=Patient&_until=${until}`)).names).toEqual([
    'Patient/ana',
    'Patient/ben',
  ])
  await save({ resourceType: 'Observation', id: 'gone', status: 'final', code, subject: of('ana') })
  expect((await runKept(`$export?_since=${since}`)).deleted).toEqual(['Organization/closed'])
  await record.send('DELETE', 'Observation/gone')

  async function runKept(address: string, body?: object): Promise<{ names: string[]; deleted: string[] }> {
    const status = await kickOff(address, body)
    const kept = await manifestOf(status)
    const names = (await linesOf(kept.output)).map((line) => `${line.resourceType}/${line.id}`)
    const bundles = await linesOf(kept.deleted)
    await record.send('DELETE', status)
    for (const { resourceType, type } of bundles)
      expect([resourceType, type]).toEqual(['Bundle', 'transaction'])
    return {
      names,
      deleted: bundles.flatMap((bundle) => bundle.entry.map((entry: Answered) => entry.request.url)),
    }
  }
})

test('an export is of one moment: of a transaction, all or nothing is in it', async () => {
  const between = Array.from({ length: 4000 }, (_one, at) => ({
    resource: { resourceType: 'Location', id: `l${at}`, name: 'x'.repeat(500) },
    request: { method: 'PUT', url: `Location/l${at}` },
  }))
  await record.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry: between })
  let isOver = false
  const writing = (async () => {
    for (let round = 0; !isOver; round++) {
      const entry = ['Basic/first', 'SupplyRequest/second'].map((url) => {
        const [resourceType, id] = url.split('/')
        const more =
          resourceType === 'Basic' ? { code } : { itemCodeableConcept: code, quantity: { value: 1 } }
        const identifier = [{ system: 'urn:round', value: String(round) }]
        return { resource: { resourceType, id, identifier, ...more }, request: { method: 'PUT', url } }
      })
      const { status } = await record.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })
      expect(status).toBe(200)
    }
  })()
  for (let run = 0; run < 5; run++) {
    const { lines } = await exported('$export?_type=Basic,Location,SupplyRequest')
    expect(lines.at(0).identifier[0].value).toBe(lines.at(-1).identifier[0].value)
  }
  isOver = true
  await writing
})

test('a running export can be cancelled, and more than two at once are refused until one is over', async () => {
  const running = [await kickOff('$export'), await kickOff('$export')]
  const third = await record.send('GET', '$export', undefined, { prefer: 'respond-async' })
  expect([third.status, third.headers.get('retry-after')]).toEqual([429, '30'])
  expect(third.json.issue[0].details.text).toMatch(/wait, or delete one/)
  for (const status of running) {
    const progress = await record.send('GET', status)
    expect([progress.status, progress.headers.get('x-progress')]).toEqual([202, 'started'])
    expect((await record.send('DELETE', status)).status).toBe(202)
    expect((await record.send('GET', status)).status).toBe(404)
  }
  expect(readdirSync(path.join(record.folder, 'jobs', 'openward'))).toEqual([])
  expect((await exported('$export?_type=Group')).names).toEqual(['Group/ours'])
})

test('what cannot be exported is refused in words', async () => {
  const refused: [string, object | undefined, number][] = [
    ['$export?_type=Robot', undefined, 400],
    ['$export?_since=2024', undefined, 400],
    ['$export?_outputFormat=csv', undefined, 400],
    ['$export?includeAssociatedData=LatestProvenanceResources', undefined, 400],
    ['$export?_typeFilter=Observation%3Fcolour%3Dred', undefined, 400],
    ['$export?_typeFilter=Observation%3F_sort%3Ddate', undefined, 400],
    ['$export?_elements=Patient.name.family', undefined, 400],
    ['Patient/$export', parameters(['patient', { valueReference: { reference: 'Group/ours' } }]), 400],
    ['$export', parameters(['patient', { valueReference: of('ana') }]), 400],
    ['$export', { resourceType: 'Patient' }, 400],
    ['Group/none/$export', undefined, 404],
    ['Observation/$export', undefined, 404],
    ['Patient/ana/$export', undefined, 404],
    ['$job-status', undefined, 404],
    ['$job-status?job=../../record', undefined, 404],
    ['$job-file?job=..&file=job.json', undefined, 404],
  ]
  for (const [address, body, status] of refused) {
    const method = body === undefined ? 'GET' : 'POST'
    const answer = await record.send(method, address, body, { prefer: 'respond-async' })
    expect([address, answer.status, answer.json.resourceType]).toEqual([address, status, 'OperationOutcome'])
  }
  expect((await record.send('GET', '$export')).status).toBe(400)
  expect((await record.send('HEAD', '$export', undefined, { prefer: 'respond-async' })).status).toBe(405)
  const lenient = await kickOff('$export?_type=Group&other=1', undefined, 'respond-async, handling=lenient')
  const { output } = await manifestOf(lenient)
  const name = new URL(output[0].url).searchParams.get('file') ?? ''
  for (const file of ['job.json', `../${name}`, `./${name}`])
    expect((await record.send('GET', `${lenient.replace('status', 'file')}&file=${file}`)).status).toBe(404)
  const { json } = await record.send('GET', 'metadata')
  expect(json.rest[0].operation).toContainEqual({
    name: 'export',
    definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export',
  })
})
