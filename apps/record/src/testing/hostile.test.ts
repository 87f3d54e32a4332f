import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from 'node:http'
import { SECRET, startTestRecord, type TestRecord } from './record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

/** Sends a path exactly as given, which `fetch` would tidy up first. */
function raw(method: string, path: string, body?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/fhir+json' }
    const sent = request({ host: '127.0.0.1', port: record.port, method, path, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    // Two pieces: the length is not told beforehand.
    if (body !== undefined) sent.write(body.slice(0, 1))
    sent.end(body?.slice(1))
  })
}

test.each([
  ['no JSON', '{"resourceType":', 400],
  ['an array', '[]', 400],
  ['null', 'null', 400],
  ['an empty body', '', 400],
  ['another type', '{"resourceType":"Slot"}', 400],
  ['an unknown type', '{"resourceType":"Robot"}', 400],
  ['a prototype in the JSON', '{"resourceType":"Patient","__proto__":{"active":true},"constructor":1}', 422],
  ['an object instead of text', '{"resourceType":"Patient","birthDate":{"a":1}}', 422],
  ['an array instead of an object', '{"resourceType":"Patient","maritalStatus":[]}', 422],
  ['null inside', '{"resourceType":"Patient","name":null}', 422],
  ['an impossible day', '{"resourceType":"Patient","birthDate":"2023-02-29"}', 422],
  [
    'two types of one choice',
    '{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"}',
    422,
  ],
  ['a code outside its binding', '{"resourceType":"Patient","gender":"man"}', 422],
  [
    'a period that ends before it starts',
    '{"resourceType":"Patient","name":[{"period":{"start":"2021","end":"2020"}}]}',
    422,
  ],
  [
    'deep nesting',
    `{"resourceType":"Patient","extension":${'[{"extension":'.repeat(5000)}1${'}]'.repeat(5000)}}`,
    400,
  ],
  ['a huge number', '{"resourceType":"Patient","multipleBirthInteger":1e400}', 422],
])('%s is refused with an outcome that names the element', async (_what, body, status) => {
  const answer = await record.send('POST', 'Patient', body)
  expect(answer.status).toBe(status)
  expect(answer.json.resourceType).toBe('OperationOutcome')
  const [place = 'Patient.'] = status === 422 ? answer.json.issue[0].expression : []
  expect(place).toMatch(/^Patient\./)
})

test('a body over the limit is 413, whether its length is told or not, and stores nothing', async () => {
  const body = `{"resourceType":"Patient","name":[{"family":"${'x'.repeat(21 * 1024 * 1024)}"}]}`
  expect((await record.send('POST', 'Patient', body)).status).toBe(413)
  const untold = await raw('POST', '/openward/Patient', body)
  expect(untold).toBe(413)
  expect((await record.send('GET', 'Patient?_summary=count')).json.total).toBe(0)
})

test('a megabyte string, ten thousand parameters and a bundle inside a bundle are answered in words', async () => {
  expect(
    (
      await record.send('POST', 'Patient', {
        resourceType: 'Patient',
        name: [{ family: 'é'.repeat(1_000_000) }],
      })
    ).status,
  ).toBe(201)
  expect(
    (
      await record.send('POST', 'Patient/_search', 'gender=male&'.repeat(10_000), {
        'content-type': 'application/x-www-form-urlencoded',
      })
    ).status,
  ).toBe(400)
  expect((await record.send('GET', `Patient?name=${'x'.repeat(5000)}`)).status).toBe(400)
  const inner = { resourceType: 'Bundle', type: 'transaction', entry: [] }
  const nested = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: inner, request: { method: 'POST', url: '' } }],
  }
  expect((await record.send('POST', '', nested)).status).toBe(400)
})

test('text that looks like SQL is only text', async () => {
  const text = `'; DROP TABLE res; --`
  const { json } = await record.send('POST', 'Patient', { resourceType: 'Patient', name: [{ family: text }] })
  expect(
    (await record.send('GET', `Patient?family=${encodeURIComponent(text)}`)).json.entry[0].resource.id,
  ).toBe(json.id)
  expect((await record.send('GET', `Patient?_sort=${encodeURIComponent('family;--')}`)).status).toBe(400)
})

const word = fc.oneof(
  fc.constantFrom(
    'Patient',
    'Slot',
    'Observation',
    '_history',
    '_search',
    '$x',
    'metadata',
    '',
    '..',
    '%',
    '%00',
    '1',
    'a|b',
    '\u{1F600}',
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
)
const name = fc.oneof(
  fc.constantFrom(
    '_id',
    '_lastUpdated',
    '_sort',
    '_count',
    '_include',
    '_revinclude',
    '_has:Observation:patient:code',
    '_elements',
    '_cursor',
    '_total',
    'name:exact',
  ),
  fc.constantFrom(
    'birthdate',
    'value-quantity',
    'code',
    'subject:Patient.name',
    'patient.organization.name',
    'date',
    'status:not',
    'url',
    '__proto__',
    'constructor',
  ),
  fc.string({ maxLength: 10 }),
)
const value = fc.oneof(
  fc.string({ maxLength: 20, unit: 'binary' }),
  fc.constantFrom('ge2020', 'a|b', ',', '\\', '1e5', '5||mg', '-date', 'true', 'Patient/1', '9'.repeat(30)),
)

test('no path, parameter or value ends in a server error', async () => {
  const paths = fc.tuple(fc.array(word, { maxLength: 5 }), fc.array(fc.tuple(name, value), { maxLength: 4 }))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'DELETE', 'PATCH', 'PUT', 'POST', 'HEAD'),
      paths,
      async (method, [segments, pairs]) => {
        const query = pairs.map(([key, text]) => `${encode(key)}=${encode(text)}`).join('&')
        const status = await raw(
          method,
          `/openward/${segments.map((one) => (one.startsWith('%') ? one : encode(one))).join('/')}?${query}`,
          '{}',
        )
        expect(status).toBeLessThan(500)
        expect(status).toBeGreaterThanOrEqual(200)
      },
    ),
    { numRuns: 600 },
  )
})

test('no resource or bundle, however made, ends in a server error', async () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  const resource = fc.record(
    {
      resourceType: fc.constantFrom('Patient', 'Slot', 'Observation', 'Bundle', 'X'),
      id: json,
      meta: json,
      name: json,
      contained: json,
      extension: json,
      status: json,
      subject: json,
      effectivePeriod: json,
    },
    { requiredKeys: ['resourceType'] },
  )
  const entry = fc.record(
    {
      fullUrl: json,
      resource: fc.oneof(resource, json),
      request: fc.oneof(
        json,
        fc.record({
          method: fc.constantFrom('PUT', 'POST', 'DELETE', 'GET'),
          url: fc.oneof(
            fc.constantFrom('Patient', 'Patient/1', 'Slot?status=x', 'Patient?_id=1'),
            fc.string(),
          ),
          ifMatch: json,
        }),
      ),
    },
    { requiredKeys: [] },
  )
  const bundle = fc.record({
    resourceType: fc.constant('Bundle'),
    type: fc.constantFrom('batch', 'transaction'),
    entry: fc.oneof(json, fc.array(entry, { maxLength: 4 })),
  })
  await fc.assert(
    fc.asyncProperty(fc.oneof(bundle, resource), async (body) => {
      const target = body.resourceType === 'Bundle' ? '' : String(body.resourceType)
      const answer = await record.send('POST', target, body)
      expect(answer.status).toBeLessThan(500)
      for (const one of answer.json?.entry ?? [])
        expect(Number(one.response.status.slice(0, 3))).toBeLessThan(500)
    }),
    { numRuns: 600 },
  )
})

/** Random text may hold lone surrogates, which have no URL form. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
