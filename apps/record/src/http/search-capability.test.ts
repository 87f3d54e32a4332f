import { afterAll, beforeAll, expect, test } from 'vitest'
import { definitions, type SearchParam } from '../definitions/definitions.ts'
import { startTestRecord, type Answered, type TestRecord } from '../testing/record.ts'

let record: TestRecord
let rest: Answered

beforeAll(async () => {
  record = await startTestRecord()
  rest = (await record.send('GET', 'metadata')).json.rest[0]
})
afterAll(() => record.stop())

const VALUES: Record<string, string> = {
  token: 'http://x|y',
  reference: 'a1',
  string: 'x',
  date: 'ge2020-01',
  number: 'lt5',
  quantity: '5.4|http://unitsofmeasure.org|mg',
  uri: 'http://x/y',
  special: '42.1|-71.2|5|km',
}

function valueOf(param: SearchParam | undefined, type: string): string {
  const { components } = param?.composite ?? {}
  return components?.map((one) => VALUES[one.type] ?? '').join('$') ?? VALUES[type] ?? ''
}

/** The searches of a list that were not answered as expected. */
async function notAnswered(queries: string[], expected: number): Promise<string[]> {
  const failed: string[] = []
  for (let at = 0; at < queries.length; at += 20) {
    const some = queries.slice(at, at + 20)
    const replies = await Promise.all(some.map((query) => record.send('GET', query)))
    replies.forEach((reply, index) => {
      if (reply.status !== expected) failed.push(`${some[index]}: ${reply.status}`)
    })
  }
  return failed
}

test('every search parameter told for a type is answered when asked with a valid value', async () => {
  const queries = rest.resource.flatMap(({ type, searchParam }: Answered) =>
    searchParam.map(
      ({ name, type: kind }: Answered) =>
        `${type}?${name}=${encodeURIComponent(valueOf(definitions.search[type]?.[name], kind))}`,
    ),
  )
  expect(queries.length).toBeGreaterThan(2700)
  expect(await notAnswered(queries, 200)).toEqual([])
})

test('every include told for a type is answered', async () => {
  const queries = rest.resource.flatMap(({ type, searchInclude, searchRevInclude }: Answered) => [
    ...searchInclude.map((value: string) => `${type}?_include=${value}`),
    ...searchRevInclude.map((value: string) => `${type}?_revinclude=${value}`),
  ])
  expect(queries.length).toBeGreaterThan(2000)
  // Each path is asked once; that a type is told all that lead to it is a matter of the definitions.
  const once = new Map<string, string>(queries.map((query: string) => [query.split('=')[1] ?? '', query]))
  expect(await notAnswered([...once.values()], 200)).toEqual([])
})

test('what can be searched over all types and within compartments is told, and answered', async () => {
  expect(rest.searchParam.map((one: Answered) => one.name).toSorted()).toEqual([
    '_id',
    '_lastUpdated',
    '_list',
    '_profile',
    '_security',
    '_source',
    '_tag',
  ])
  const queries = rest.searchParam.map(
    ({ name, type }: Answered) => `?${name}=${encodeURIComponent(VALUES[type] ?? '')}`,
  )
  const compartments = ['Patient', 'Encounter', 'Practitioner', 'RelatedPerson', 'Device']
  expect(
    rest.compartment.map((url: string) => url.slice(url.lastIndexOf('/') + 1).toLowerCase()).toSorted(),
  ).toEqual(compartments.map((name) => name.toLowerCase()).toSorted())
  queries.push(...compartments.flatMap((name) => [`${name}/1/Observation`, `${name}/1/*`]))
  expect(await notAnswered(queries, 200)).toEqual([])
})

test('what is not told is refused in words', async () => {
  const { json } = await record.send('GET', 'Patient?_content=x')
  expect(json.issue[0].details.text).toBe(
    'Searching all text is not supported: search by the parameters of the type.',
  )
  const queries = rest.resource.flatMap(({ type }: Answered) =>
    ['_text', '_content', '_query', '_filter', 'nothing'].map((name) => `${type}?${name}=x`),
  )
  const others = ['Patient/1/Organization', 'Device/1/Patient']
  expect(await notAnswered([...queries, '?name=x', '?_type=Patient,Robot', '?_type=Robot'], 400)).toEqual([])
  expect(await notAnswered(others, 404)).toEqual([])
})
