import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestRecord, type TestRecord, type Answered } from './record.ts'

const folder = fileURLToPath(new URL('../../../../../shared/data/synthea/', import.meta.url))
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json.gz')) : []
const first = files.filter((name) => /^(hospital|practitioner)/i.test(name)).sort()
const person = files.find((name) => !first.includes(name))

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

function bundleOf(name: string): Answered {
  return JSON.parse(gunzipSync(readFileSync(folder + name)).toString('utf8'))
}

test.skipIf(person === undefined)(
  'a Synthea person loads by conditional references and reads back unchanged',
  async () => {
    for (const name of first) expect((await record.send('POST', '', bundleOf(name))).status).toBe(200)
    const sent = bundleOf(person ?? '')
    const answer = await record.send('POST', '', sent)
    expect(answer.status).toBe(200)
    const known = new Map<string, string>()
    answer.json.entry.forEach((entry: Answered, at: number) => {
      known.set(
        sent.entry[at].fullUrl,
        entry.response.location.slice(record.base.length + 1).replace(/\/_history.*/, ''),
      )
    })
    for (const entry of sent.entry) {
      const stored = (await record.send('GET', known.get(entry.fullUrl) ?? '')).json
      const expected = JSON.parse(
        JSON.stringify(entry.resource).replace(/urn:uuid:[0-9a-f-]{36}/g, (urn) => known.get(urn) ?? urn),
      )
      for (const one of [stored, expected]) {
        delete one.id
        delete one.meta.versionId
        delete one.meta.lastUpdated
      }
      expect(unconditional(stored)).toEqual(unconditional(expected))
    }
  },
)

/** Conditional references were replaced by what they found; the rest must be equal. */
function unconditional(resource: Answered): Answered {
  const text = JSON.stringify(resource)
  return JSON.parse(text.replace(/"(Practitioner|Organization|Location)[?/][^"]*"/g, '"$1"'))
}
