import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SECRET, startTestRecord, type Answered, type TestRecord } from './record.ts'
import { contentOf, readShared } from './shared-texts.ts'

const folder = fileURLToPath(new URL('../../../../../shared/data/synthea/', import.meta.url))
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json.gz')) : []
const first = files.filter((name) => /^(hospital|practitioner)/i.test(name)).sort()
const people = files.filter((name) => !first.includes(name)).slice(0, 3)

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

const textOf = (name: string) => readShared(`synthea/${name}`)?.toString('utf8') ?? ''

/** Sends a bundle; gives what its full URLs became. */
async function load(text: string): Promise<Map<string, string>> {
  const answer = await record.send('POST', '', text)
  expect([answer.status, answer.json.issue]).toEqual([200, undefined])
  const sent = JSON.parse(text)
  return new Map(
    answer.json.entry.map((entry: Answered, at: number) => [
      sent.entry[at].fullUrl,
      entry.response.location.slice(record.base.length + 1).replace(/\/_history.*/, ''),
    ]),
  )
}

test.skipIf(people.length === 0)(
  'Synthea people load by conditional references, and all of what they are reads back unchanged',
  async () => {
    for (const name of first) await load(textOf(name))
    for (const name of people) {
      const text = textOf(name)
      const known = await load(text)
      const sent = (contentOf(text) as Answered).entry
      expect(sent.length).toBeGreaterThan(20)
      for (const { fullUrl, resource } of sent) {
        const answer = await fetch(`${record.base}/${known.get(fullUrl)}`, {
          headers: { authorization: `Bearer ${SECRET}` },
        })
        const expected = JSON.stringify(resource).replaceAll(
          /urn:uuid:[0-9a-f-]{36}/g,
          (urn) => known.get(urn) ?? urn,
        )
        expect(resolved(contentOf(await answer.text()))).toEqual(resolved(contentOf(expected)))
      }
    }
  },
)

/** Conditional references were replaced by what they found; the rest must be equal. */
function resolved(resource: unknown): unknown {
  const text = JSON.stringify(resource)
  return JSON.parse(text.replaceAll(/"(Practitioner|Organization|Location)[?/][^"]*"/g, '"$1"'))
}
