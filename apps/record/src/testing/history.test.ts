import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestRecord, type Answered, type TestRecord } from './record.ts'

let record: TestRecord
beforeAll(async () => {
  record = await startTestRecord()
})
afterAll(() => record.stop())

const put = (id: string, name: string) =>
  record.send('PUT', `Location/${id}`, { resourceType: 'Location', id, name })
const versions = (bundle: Answered): string[] =>
  (bundle.entry ?? []).map(
    (entry: Answered) => `${entry.fullUrl.split('/').at(-1)}${entry.response.etag.slice(2)}`,
  )
const nextOf = (bundle: Answered): string | undefined =>
  bundle.link.find((link: Answered) => link.relation === 'next')?.url.slice(record.base.length + 1)

/** A moment after everything that was written and before everything that will be. */
async function moment(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 5))
  const now = new Date().toISOString()
  await new Promise((resolve) => setTimeout(resolve, 5))
  return now
}

test('pages of a history hold every version once, whatever is written between them', async () => {
  for (let version = 1; version <= 7; version++) await put('paged', `v${version}`)
  const seen: string[] = []
  let next: string | undefined = 'Location/paged/_history?_count=2'
  while (next !== undefined) {
    const { json }: Answered = await record.send('GET', next)
    seen.push(...versions(json))
    next = nextOf(json)
    await put('paged', `late ${seen.length}`)
    await put(`other-${seen.length}`, 'other')
  }
  expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((version) => `paged"${version}"`))
})

test('_since, _at and _total tell of a time and of how much there is', async () => {
  await put('timed', 'a')
  const first = await moment()
  await put('timed', 'b')
  const second = await moment()
  await record.send('DELETE', 'Location/timed')
  const history = async (query: string) => (await record.send('GET', `Location/timed/_history?${query}`)).json
  expect(versions(await history(`_since=${first}`))).toEqual(['timed"3"', 'timed"2"'])
  expect(versions(await history(`_since=${second}`))).toEqual(['timed"3"'])
  expect(versions(await history(`_at=${first}`))).toEqual(['timed"1"'])
  expect(versions(await history(`_at=${second}`))).toEqual(['timed"2"'])
  expect(versions(await history(`_at=${new Date().getUTCFullYear() - 1}`))).toEqual([])
  const year = await history(`_at=${second.slice(0, 4)}`)
  expect(versions(year)).toEqual(['timed"3"', 'timed"2"', 'timed"1"'])
  expect(year.total).toBe(3)
  expect((await history('_count=1')).total).toBeUndefined()
  expect((await history('_count=1&_total=accurate')).total).toBe(3)
  const none = await history('_count=0&_total=accurate')
  expect([none.total, none.entry, nextOf(none)]).toEqual([3, undefined, undefined])
  const all = (await record.send('GET', `_history?_since=${second}`)).json
  expect(versions(all)).toEqual(['timed"3"'])
})

test('entries tell what was done, and a page of large versions ends early', async () => {
  const large = { resourceType: 'Basic', id: 'large', code: { text: 'x'.repeat(1_000_000) } }
  for (let version = 1; version <= 14; version++)
    await record.send('PUT', 'Basic/large', { ...large, created: `20${String(version).padStart(2, '0')}` })
  await record.send('DELETE', 'Basic/large')
  const { json } = await record.send('GET', 'Basic/_history')
  expect(json.entry[0]).toEqual({
    fullUrl: `${record.base}/Basic/large`,
    request: { method: 'DELETE', url: 'Basic/large' },
    response: { status: '204 No Content', etag: 'W/"15"', lastModified: expect.stringMatching(/Z$/) },
  })
  expect(json.entry.length).toBeLessThan(15)
  const rest = (await record.send('GET', nextOf(json) ?? '')).json
  expect([...versions(json), ...versions(rest)]).toHaveLength(15)
  expect(rest.entry.at(-1).request).toEqual({ method: 'POST', url: 'Basic' })
})

test.each([
  '_since=yesterday',
  '_at=x',
  '_count=-1',
  '_count=many',
  '_total=all',
  '_sort=_id',
  '_before=x',
  'name=x',
  '__proto__=1',
  '_count=1&_count=2',
])('a history with %s is refused and names the parameter', async (query) => {
  const answer = await record.send('GET', `Location/_history?${query}`)
  expect(answer.status).toBe(400)
  expect(query).toContain(answer.json.issue[0].expression[0])
})

test('the history of what never was is not found', async () => {
  expect((await record.send('GET', 'Location/never/_history')).status).toBe(404)
  expect((await record.send('GET', 'Location/timed/_history/99')).status).toBe(404)
  expect((await record.send('GET', 'Location/timed/_history/x')).status).toBe(404)
})

test.each(['_history/x', '_history/_history', 'Location/_history/x'])('%s is no history', async (path) => {
  expect((await record.send('GET', path)).status).toBe(404)
})
