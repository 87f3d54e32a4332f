import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET, startTestRecord, type TestRecord } from './record.ts'
import { contentOf, jsonFilesIn, validatorCases } from './shared-texts.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/fhir+json' }

/** The type that the text names, or one that it certainly is not. */
function typeOf(text: string): string {
  try {
    return String(JSON.parse(text.replace(/^\uFEFF/, '')).resourceType)
  } catch {
    return 'Patient'
  }
}

function post(text: string): Promise<Response> {
  return fetch(`${record.base}/${typeOf(text)}`, { method: 'POST', headers, body: text })
}

async function readBack(created: Response): Promise<string> {
  const location = created.headers.get('location') ?? ''
  return (await fetch(location.replace(/\/_history.*/, ''), { headers })).text()
}

const textsIn = (archive: string) => jsonFilesIn(archive).map(({ text }) => text)

/** Resources, valid or not, as their authors wrote them; and how many of them are at least valid. */
const SOURCES: [string, number, string[]][] = [
  ['the examples of the standard', 60, textsIn('fhir-test-cases/r4-examples.tar.gz')],
  ['the examples of US Core', 170, textsIn('us-core/us-core-6.1.0-examples.tar.gz')],
  ['the cases for validators', 300, validatorCases().map(({ text }) => text)],
]

/** What became of a text: kept as it was, refused in words, or something else, told with the text. */
async function fateOf(text: string): Promise<string> {
  const answer = await post(text)
  const body = await answer.text()
  const isRefused = answer.status >= 400 && answer.status < 500 && body.includes('"OperationOutcome"')
  if (isRefused) return 'refused'
  if (answer.status !== 201) return `answered ${answer.status}: ${text}`
  const stored = contentOf(await readBack(answer))
  const isKept = isDeepStrictEqual(stored, contentOf(text)) && isDeepStrictEqual(contentOf(body), stored)
  return isKept ? 'kept' : `changed: ${text}`
}

describe('what is accepted is read back unchanged, and what is not is refused in words', () => {
  test.each(SOURCES.filter(([, , texts]) => texts.length > 0))('%s', async (_name, atLeast, texts) => {
    const fates: string[] = []
    for (const text of texts) fates.push(await fateOf(text))
    expect(fates.filter((fate) => fate !== 'kept' && fate !== 'refused')).toEqual([])
    expect(fates.filter((fate) => fate === 'kept').length).toBeGreaterThanOrEqual(atLeast)
  })

  test('numbers, in whatever way they are written, through every way of writing', async () => {
    const numbers = [
      '1.00',
      '1e3',
      '1E-2',
      '0.10',
      '-0.0',
      '12345678901234567890.5',
      '0.0000001',
      '100',
      '1.5',
    ]
    const body = (id: string) =>
      `{"resourceType":"Media","id":"${id}","status":"completed","content":{"url":"http://x"},"duration":1.50,` +
      `"extension":[${numbers.map((number) => `{"url":"urn:n","valueDecimal":${number}}`).join(',')}]}`
    const send = async (method: string, path: string, text: string) => {
      const answer = await fetch(`${record.base}${path}`, { method, headers, body: text })
      expect(answer.status).toBeLessThan(300)
    }
    await send('PUT', '/Media/put', body('put'))
    await send('PUT', '/Media?identifier=urn:m|none', body('conditional'))
    const entry = (id: string, method: string, url: string) =>
      `{"resource":${body(id)},"request":{"method":"${method}","url":"${url}"}}`
    const entries = [entry('entry', 'PUT', 'Media/entry'), entry('found', 'PUT', 'Media?identifier=urn:m|no')]
    await send('POST', '', `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(',')}]}`)
    await send('PATCH', '/Media/put', '[{"op":"add","path":"/width","value":3}]')
    const texts = await Promise.all(
      ['put', 'conditional', 'entry', 'found', 'put/_history/1'].map(async (path) =>
        (await fetch(`${record.base}/Media/${path}`, { headers })).text(),
      ),
    )
    for (const text of [...texts, await (await fetch(`${record.base}/Media`, { headers })).text()]) {
      for (const number of numbers) expect(text).toContain(`"valueDecimal":${number}}`)
      expect(text).toContain('"duration":1.50')
    }
    const again = await fetch(`${record.base}/Media/entry`, { method: 'PUT', headers, body: body('entry') })
    expect(again.headers.get('etag')).toBe('W/"1"')
    const other = body('entry').replace('1.50', '1.5')
    const changed = await fetch(`${record.base}/Media/entry`, { method: 'PUT', headers, body: other })
    expect(changed.headers.get('etag')).toBe('W/"2"')
  })

  test('any text and any number', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }).map((text) => `"valueString":${JSON.stringify(text)}`),
      fc
        .constantFrom('\uD800', '\u0000', '\u202Eevil', '\uFEFF', 'é', 'e\u0301', '👩‍⚕️')
        .map((text) => `"valueString":${JSON.stringify(text)}`),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((number) => `"valueDecimal":${number.toString()}`),
      fc
        .tuple(fc.bigInt(), fc.stringMatching(/^\.\d{1,25}$/), fc.constantFrom('', 'e5', 'E-7'))
        .map(([whole, fraction, exponent]) => `"valueDecimal":${whole}${fraction}${exponent}`),
    )
    let kept = 0
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5 }), async (values) => {
        const extensions = values.map((one) => `{"url":"urn:x",${one}}`)
        const text = `{"resourceType":"Basic","code":{"text":"x"},"extension":[${extensions.join(',')}]}`
        const fate = await fateOf(text)
        expect(['kept', 'refused']).toContain(fate)
        if (fate === 'kept') kept += 1
      }),
      { numRuns: 100 },
    )
    expect(kept).toBeGreaterThan(50)
  })
})
