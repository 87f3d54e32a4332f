import fc from 'fast-check'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET, startTestRecord, type Answered, type TestRecord } from './record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
  await record.send('PUT', 'Patient/canary', {
    resourceType: 'Patient',
    id: 'canary',
    name: [{ family: 'Canary' }],
  })
})
afterAll(() => record.stop())

/** Sends bytes as they are; the status of the answer. */
function raw(
  method: string,
  path: string,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/fhir+json', ...headers }
    const sent = request(
      { host: '127.0.0.1', port: record.port, method, path: `/openward${path}`, headers: all },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const LONG = 1_000_000

describe('one large or odd body', () => {
  test.each<[string, string, string, number]>([
    ['a list in a list, ten million deep', 'Patient', '['.repeat(10_000_000), 400],
    [
      'a deep list with a number that is kept as written',
      'Patient',
      `${'['.repeat(500_000)}1.00${']'.repeat(500_000)}`,
      400,
    ],
    [
      'a number of a million digits',
      'Patient',
      `{"resourceType":"Patient","multipleBirthInteger":${'1'.repeat(LONG)}}`,
      422,
    ],
    ['a key of a megabyte', 'Patient', `{"resourceType":"Patient","${'k'.repeat(LONG)}":1}`, 422],
    ['a key twice', 'Patient', '{"resourceType":"Patient","active":true,"active":false}', 201],
    [
      'more numbers than anyone means',
      'Basic',
      `{"resourceType":"Basic","code":[${'1.0,'.repeat(1_000_000)}1]}`,
      413,
    ],
    ['a prototype twice', 'Patient', '{"resourceType":"Patient","__proto__":{"a":1.0},"__proto__":1}', 422],
    [
      'what calls itself JSON',
      'Patient',
      '{"resourceType":"Patient","toJSON":1,"multipleBirthInteger":1.0}',
      422,
    ],
    [
      'a hundred thousand names',
      'Patient',
      `{"resourceType":"Patient","name":[${'{"family":"a"},'.repeat(99_999)}{"family":"a"}]}`,
      201,
    ],
    ['a bundle with nothing in it', '', '{"resourceType":"Bundle","type":"transaction"}', 200],
    ['a bundle of nulls', '', '{"resourceType":"Bundle","type":"batch","entry":[null,null]}', 200],
    ['a transaction of nulls', '', '{"resourceType":"Bundle","type":"transaction","entry":[null]}', 400],
    [
      'more entries than a bundle may have',
      '',
      `{"resourceType":"Bundle","type":"batch","entry":[${'0,'.repeat(20_000)}0]}`,
      413,
    ],
    ['a bundle of an unknown type', '', '{"resourceType":"Bundle","type":"collection","entry":[]}', 400],
  ])('%s is answered', async (_what, path, body, status) => {
    expect(await raw('POST', `/${path}`, Buffer.from(body))).toBe(status)
  })

  test.each([
    ['JSON Patch', `[${'{"op":"add","path":"/active","value":true},'.repeat(300_000)}{}]`, 400],
    [
      'JSON Patch of much',
      `[{"op":"add","path":"/name","value":[${'{"family":"x"},'.repeat(50_000)}{}]}]`,
      422,
    ],
    [
      'FHIRPath Patch',
      `{"resourceType":"Parameters","parameter":[${'{"name":"operation"},'.repeat(300_000)}{}]}`,
      400,
    ],
    ['deep JSON Patch', `[{"op":"add","path":"${'/a'.repeat(LONG)}","value":1}]`, 422],
    [
      'deep path',
      `{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"${'('.repeat(LONG)}"}]}]}`,
      422,
    ],
  ])('a huge %s is refused', async (_what, body, status) => {
    expect(await raw('PATCH', '/Patient/canary', Buffer.from(body))).toBe(status)
  })

  test('a patch whose conditions look at much again and again is refused as soon as it is too much', async () => {
    const name = Array.from({ length: 20_000 }, (_one, at) => ({ family: `f${at}` }))
    const path = `Patient.name.where(${'family.exists() and '.repeat(40)}family = 'none')`
    const operation = {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'delete' },
        { name: 'path', valueString: path },
      ],
    }
    await record.send('PUT', 'Patient/many', { resourceType: 'Patient', id: 'many', name })
    for (const parameter of [Array.from({ length: 100 }, () => operation), [operation]]) {
      const answer = await record.send('PATCH', 'Patient/many', { resourceType: 'Parameters', parameter })
      expect([answer.status, answer.json.issue[0].code]).toEqual([422, 'too-costly'])
    }
  })

  test('bytes that are no text, and texts of every direction, are answered in words', async () => {
    const patient = (text: string) => Buffer.from(`{"resourceType":"Patient","name":[{"family":"${text}"}]}`)
    expect(await raw('POST', '/Patient', Buffer.from([0xff, 0xfe, 0x7b]))).toBe(400)
    expect(
      await raw('POST', '/Patient', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), patient('Bom')])),
    ).toBe(201)
    expect(
      await raw('POST', '/Patient', Buffer.concat([patient('cut').subarray(0, 40), Buffer.from([0xc3])])),
    ).toBe(400)
    expect(await raw('POST', '/Patient', patient('\u202Eevil\u0000'))).toBe(400)
    for (const text of ['\\u0000', '\\ud800', '\\udc00\\ud800', '\\u202E', '\\uFFFE'])
      expect([201, 422]).toContain(await raw('POST', '/Patient', patient(`odd ${text}`)))
  })

  test('a search form over a megabyte is refused before it is taken apart', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await raw('POST', '/Patient/_search', Buffer.from('a&'.repeat(600_000)), type)).toBe(413)
    expect(await raw('POST', '/Patient/_search', Buffer.from('a&'.repeat(10_000)), type)).toBe(400)
  })
})

test('a text of a megabyte takes no longer than it is long, whatever its element and its pattern', async () => {
  const patterns = [
    'a',
    '0',
    '1-',
    ' ',
    '.',
    '2020-01-01T',
    'urn:uuid:',
    '+',
    '<b ',
    '&',
    "'",
    '\\"',
    '<!--',
    'A1',
    '=',
    '/',
  ]
  const elements = [
    '"id":"X"',
    '"birthDate":"X"',
    '"meta":{"lastUpdated":"X"}',
    '"meta":{"profile":["X"]}',
    '"implicitRules":"X"',
    '"language":"X"',
    '"gender":"X"',
    '"deceasedDateTime":"X"',
    '"photo":[{"data":"X","contentType":"X"}]',
    '"text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">X</div>"}',
    '"text":{"status":"generated","div":"X"}',
    '"generalPractitioner":[{"reference":"X"}]',
    '"generalPractitioner":[{"reference":"Practitioner?identifier=X"}]',
    '"extension":[{"url":"X","valueTime":"X"}]',
    '"extension":[{"url":"urn:x","valueOid":"urn:oid:X"}]',
    '"telecom":[{"system":"phone","value":"X"}]',
    '"name":[{"family":"X"}]',
  ]
  for (const pattern of patterns) {
    const text = pattern.repeat(200_000 / pattern.length)
    const entry = elements.map(
      (element) =>
        `{"resource":{"resourceType":"Patient",${element.replaceAll('X', text)}},"request":{"method":"POST","url":"Patient"}}`,
    )
    for (const some of [entry.slice(0, 9), entry.slice(9)]) {
      const answer = await record.send(
        'POST',
        '',
        `{"resourceType":"Bundle","type":"batch","entry":[${some.join(',')}]}`,
      )
      const statuses = answer.json.entry.map((one: Answered) => Number(one.response.status.slice(0, 3)))
      expect(Math.max(...statuses)).toBeLessThan(500)
    }
    await record.send('GET', `Patient?${new URLSearchParams({ name: text.slice(0, 4000) }).toString()}`)
  }
})

const METACHARACTERS = [
  `'`,
  `''`,
  `"`,
  `;`,
  `--`,
  `/*`,
  `*/`,
  `%`,
  `_`,
  `\\`,
  `?1`,
  `:a`,
  `@a`,
  `$a`,
  `||`,
  `)`,
  `(`,
  `[`,
  '`',
]
const sqlText = fc
  .array(
    fc.constantFrom(...METACHARACTERS, ' OR 1=1 ', ' DROP TABLE res ', ' UNION SELECT ', 'ATTACH', 'a', 'é'),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''))

test('text that means something to SQL is only text: in every value, name, header, path and page link', async () => {
  let counter = 0
  await fc.assert(
    fc.asyncProperty(sqlText, sqlText, async (text, other) => {
      counter += 1
      const identifier = [{ system: `urn:sql:${counter}`, value: `${text}x` }]
      const created = await record.send('POST', 'Patient', {
        resourceType: 'Patient',
        identifier,
        name: [{ family: text, given: [other] }],
        generalPractitioner: [{ display: text, reference: 'Practitioner/x' }],
        extension: [{ url: 'urn:x', valueString: other }],
      })
      expect(created.status).toBe(201)
      const token = `${`urn:sql:${counter}`}|${identifier[0]?.value.replaceAll(/[\\,|$]/g, String.raw`\$&`)}`
      const found = await record.send('GET', `Patient?identifier=${encodeURIComponent(token)}`)
      expect(found.json.entry?.map((entry: Answered) => entry.resource.id)).toEqual([created.json.id])
      const odd = encodeURIComponent(text)
      for (const [method, path, headers] of [
        ['GET', `Patient?family:exact=${odd}&_sort=${odd}`, {}],
        ['GET', `Patient?${odd}=${odd}`, {}],
        ['GET', `Patient?_cursor=${odd}`, {}],
        ['GET', `Patient/${odd}`, {}],
        ['GET', `${odd}/1`, {}],
        ['GET', `Patient/canary/_history/${odd}`, {}],
        ['GET', `Patient/_history?_before=${odd}`, {}],
        ['GET', `Patient/_history?_since=${odd}`, {}],
        ['GET', `$changes?since=${odd}`, {}],
        ['GET', `Patient?_has:Observation:patient:code=${odd}&name=${odd}`, {}],
        ['DELETE', `Patient?identifier=urn:none|${odd}`, {}],
        ['DELETE', `Patient/canary`, { 'if-match': `W/"${odd}"` }],
        ['PUT', `Patient/canary`, { 'if-none-match': '*' }],
        ['PATCH', `Patient?identifier=urn:none|${odd}`, {}],
        ['POST', 'Patient', { 'if-none-exist': `_id=canary&family=${odd}` }],
      ] as const) {
        const body =
          method === 'GET' || method === 'DELETE' ? undefined : '{"resourceType":"Patient","id":"canary"}'
        const answer = await record.send(method, path, body, headers)
        expect(answer.status).toBeLessThan(500)
      }
    }),
    { numRuns: 25 },
  )
  expect((await record.send('GET', 'Patient?identifier=urn:sql:1|')).json.total).toBe(1)
  expect((await record.send('GET', 'Patient/canary')).headers.get('etag')).toBe('W/"1"')
})

test('no bundle of parts that look right ends in a server error, and a refused transaction leaves nothing', async () => {
  const id = fc.constantFrom('a', 'b', 'c')
  const reference = fc.oneof(
    fc.constantFrom(
      'Patient/a',
      '#c',
      'urn:uuid:1',
      'urn:uuid:9',
      'Patient?identifier=urn:f|a',
      'Patient?x=1',
      'Patient?',
    ),
    fc.string({ maxLength: 10 }),
  )
  const content = fc.record(
    {
      identifier: fc.array(fc.record({ system: fc.constant('urn:f'), value: id }), { maxLength: 2 }),
      generalPractitioner: fc.array(fc.record({ reference }), { maxLength: 2 }),
      link: fc.array(fc.record({ other: fc.record({ reference }), type: fc.constant('seealso') }), {
        maxLength: 2,
      }),
      active: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  const resource = fc
    .tuple(fc.option(id), content)
    .map(([one, rest]) => ({ resourceType: 'Patient', ...(one === null ? {} : { id: one }), ...rest }))
  const steps = fc.array(
    fc.record({
      op: fc.constantFrom('add', 'remove', 'test', 'replace'),
      path: fc.constantFrom('/active', '/link/-', '/id'),
      value: fc.jsonValue(),
    }),
    { maxLength: 2 },
  )
  const binary = steps.map((list) => ({
    resourceType: 'Binary',
    contentType: 'application/json-patch+json',
    data: Buffer.from(JSON.stringify(list)).toString('base64'),
  }))
  const condition = fc.constantFrom(
    'identifier=urn:f|a',
    'identifier=urn:f|b',
    '?identifier=urn:f|c',
    '_id=a',
    '',
    'x=y',
    'active=true',
  )
  const entry = fc.record(
    {
      fullUrl: fc.constantFrom('urn:uuid:1', 'urn:uuid:2', 'http://elsewhere.example/Patient/a'),
      resource: fc.oneof(resource, binary),
      request: fc.record(
        {
          method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'HEAD', 'OPTIONS'),
          url: fc.oneof(
            id.map((one) => `Patient/${one}`),
            condition.map((one) => `Patient?${one}`),
            fc.constantFrom(
              'Patient',
              'Patient/a/_history',
              'Patient/a/_history/1',
              '_history',
              'metadata',
              'Patient/$x',
              '',
              '/',
              '//Patient',
              'Patient/a/b/c',
            ),
          ),
          ifMatch: fc.constantFrom('W/"1"', 'W/"2"', '*', 'x'),
          ifNoneMatch: fc.constantFrom('*', 'W/"1"'),
          ifNoneExist: condition,
          ifModifiedSince: fc.constantFrom('2020-01-01T00:00:00Z', 'x'),
        },
        { requiredKeys: ['method', 'url'] },
      ),
    },
    { requiredKeys: ['request'] },
  )
  const state = async () => (await record.send('GET', '_history?_count=1')).json.entry[0].response
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('batch', 'transaction'),
      fc.array(entry, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('return=minimal', 'return=representation', 'return=OperationOutcome'),
      async (type, entries, prefer) => {
        const before = await state()
        const answer = await record.send(
          'POST',
          '',
          { resourceType: 'Bundle', type, entry: entries },
          { prefer },
        )
        const statuses = (answer.json.entry ?? []).map((one: Answered) =>
          Number(one.response.status.slice(0, 3)),
        )
        expect(Math.max(answer.status, ...statuses)).toBeLessThan(500)
        const after = await state()
        expect(after).toEqual(answer.status === 200 ? after : before)
      },
    ),
    { numRuns: 120 },
  )
})

test('a body that is cut anywhere is refused, and headers of any text are answered', async () => {
  const whole = Buffer.from(
    JSON.stringify({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: { resourceType: 'Patient', name: [{ family: 'Cut é' }] },
          request: { method: 'POST', url: 'Patient' },
        },
      ],
    }),
  )
  for (let end = 0; end < whole.length; end += 3)
    expect(await raw('POST', '/', whole.subarray(0, end))).toBe(400)
  const text = fc.stringMatching(/^[\t -~]{0,40}$/)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(
        'if-match',
        'if-none-match',
        'if-none-exist',
        'if-modified-since',
        'prefer',
        'accept',
        'content-type',
      ),
      text,
      fc.constantFrom('GET', 'PUT', 'PATCH'),
      async (name, value, method) => {
        const body = method === 'GET' ? '' : '{"resourceType":"Basic","id":"headers","code":{"text":"x"}}'
        const status = await raw(method, '/Basic/headers', Buffer.from(body), { [name]: value })
        expect(status).toBeLessThan(500)
      },
    ),
    { numRuns: 200 },
  )
})
