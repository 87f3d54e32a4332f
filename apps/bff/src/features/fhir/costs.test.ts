import type { Bundle, Location, Resource } from '@medplum/fhirtypes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'

const { ADMINISTRATOR, CLINICIAN, PATIENT_A, SCHEDULER } = people

const PER_MINUTE = 60

let harness: Harness
let limited: Harness
beforeAll(async () => {
  harness = await startHarness()
  limited = await startHarness({ env: { RATE_LIMIT_PER_MINUTE: String(PER_MINUTE) } })
  for (const one of [harness, limited]) await one.seed(people.RESOURCES)
})
afterAll(() => Promise.all([harness.stop(), limited.stop()]))

async function send(
  person: TestPerson,
  entry: object[],
  { at = harness, type = 'batch' }: { at?: Harness; type?: string } = {},
): Promise<{ answer: Response; statuses: (string | undefined)[]; bundle: Bundle; length: number }> {
  const answer = await at.fetchAs(person, '', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type, entry }),
  })
  const text = await answer.text()
  const bundle = JSON.parse(text) as Bundle
  const statuses = bundle.entry?.map(({ response }) => response?.status) ?? []
  return { answer, statuses, bundle, length: text.length }
}

const get = (url: string) => ({ request: { method: 'GET', url } })
const operation = (url: string) => ({
  resource: { resourceType: 'Parameters' },
  request: { method: 'POST', url },
})

describe('every entry of a Bundle counts as a request of its person', () => {
  test('in a batch: what is over the limit is 429 in its place', async () => {
    const { answer, statuses } = await send(
      CLINICIAN,
      Array.from({ length: 100 }, () => get('Patient/a')),
      {
        at: limited,
      },
    )
    expect(answer.headers.get('ratelimit-remaining')).toBe('0')
    expect(statuses.filter((status) => status === '200')).toHaveLength(PER_MINUTE - 1)
    expect(statuses.filter((status) => status === '429')).toHaveLength(100 - PER_MINUTE + 1)
    expect((await limited.fetchAs(CLINICIAN, '/Patient/a')).status).toBe(429)
  })

  test('in a transaction: none of it is stored', async () => {
    const entry = Array.from({ length: 100 }, () => ({
      resource: { resourceType: 'Location', name: 'over the limit' },
      request: { method: 'POST', url: 'Location' },
    }))
    expect((await send(ADMINISTRATOR, entry, { at: limited, type: 'transaction' })).answer.status).toBe(429)
    const { resources } = await limited.record.fhir().search('Location', { name: 'over the limit' })
    expect(resources).toEqual([])
  })
})

describe('a batch', () => {
  test.each(['Appointment/$find', 'Appointment/%24find', '$whoami', 'Appointment/v-a/$ics'])(
    'takes up to ten operations such as %s',
    async (url) => {
      const eleven = [get('Patient/a'), ...Array.from({ length: 11 }, () => operation(url))]
      const { answer, bundle } = await send(PATIENT_A, eleven)
      expect(answer.status).toBe(422)
      expect(bundle).toMatchObject({ issue: [{ code: 'too-costly', expression: ['Bundle.entry'] }] })
      expect((await send(PATIENT_A, eleven.slice(0, 11))).answer.status).toBe(200)
    },
  )

  test('answers no more than fits: questions beyond it are 422 with words', async () => {
    const large = Array.from({ length: 20 }, (_, index): Resource & { id: string } => ({
      resourceType: 'Location',
      id: `large-${index}`,
      name: 'Large',
      description: 'x'.repeat(400_000),
    }))
    for (let start = 0; start < large.length; start += 10) await harness.seed(large.slice(start, start + 10))
    const search = get('Location?name=Large')
    const { statuses, bundle, length } = await send(
      SCHEDULER,
      Array.from({ length: 12 }, () => search),
    )
    expect(statuses).toEqual(['200', ...Array.from({ length: 11 }, () => '422')])
    expect(bundle.entry?.at(-1)?.response?.outcome).toMatchObject({ issue: [{ code: 'too-costly' }] })
    expect(length).toBeLessThan(11_000_000)
  })

  test('that overflows by a change tells that it was made', async () => {
    const stored = await harness.record.fhir().read('Location', 'large-1')
    const change = {
      resource: { ...stored, name: 'Changed at last' },
      request: { method: 'PUT', url: 'Location/large-1', ifMatch: `W/"${stored.meta.versionId}"` },
    }
    const reads = Array.from({ length: 24 }, (_, index) => get(`Location/large-${(index % 10) + 5}`))
    const { statuses, bundle } = await send(ADMINISTRATOR, [...reads, change, get('Location/site')])
    expect(statuses.slice(-2)).toEqual(['200', '422'])
    expect(bundle.entry?.[24]?.resource).toBeUndefined()
    expect(bundle.entry?.[24]?.response?.etag).toBeDefined()
    expect(await harness.record.fhir().read('Location', 'large-1')).toMatchObject({ name: 'Changed at last' })
  })
})

test('a page of a search that would be too large is 422 and says what to do', async () => {
  const large = Array.from({ length: 30 }, (_, index): Resource & { id: string } => ({
    resourceType: 'Organization',
    id: `large-${index}`,
    name: 'Large',
    alias: ['x'.repeat(400_000)],
  }))
  for (let start = 0; start < large.length; start += 10) await harness.seed(large.slice(start, start + 10))
  const answer = await harness.fetchAs(SCHEDULER, '/Organization?name=Large')
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('_count')
  expect((await harness.fetchAs(SCHEDULER, '/Organization?name=Large&_count=5')).status).toBe(200)
})

describe('a history', () => {
  test('goes on by links that only their owner can use, down to the first version', async () => {
    const fhir = harness.record.fhir()
    let site = await fhir.create<Location>({ resourceType: 'Location', name: '1' })
    for (let version = 2; version <= 5; version++)
      site = await fhir.update({ ...site, name: String(version) })
    const path = `/Location/${site.id}/_history`
    const names: unknown[] = []
    const links: string[] = []
    let next: string | undefined = `${path}?_count=2`
    while (next !== undefined) {
      const answer = await harness.fetchAs(SCHEDULER, next)
      expect(answer.status).toBe(200)
      const page = (await answer.json()) as Bundle
      names.push(...(page.entry ?? []).map(({ resource }) => (resource as Location).name))
      next = page.link?.find(({ relation }) => relation === 'next')?.url.slice(harness.fhirUrl.length)
      links.push(...(next === undefined ? [] : [next]))
    }
    expect(links).toHaveLength(2)
    for (const link of links) {
      expect(link.startsWith(`${path}?_cursor=`)).toBe(true)
      for (const [person, forged] of [
        [{ ...SCHEDULER, sub: 'someone-else' }, link],
        [SCHEDULER, link.replace(site.id, 'site')],
        [SCHEDULER, `${link}&_count=1`],
        [SCHEDULER, link.slice(0, -3)],
      ] as const)
        expect((await harness.fetchAs(person, forged)).status).toBe(400)
    }
    expect(names).toEqual(['5', '4', '3', '2', '1'])
  })
})
