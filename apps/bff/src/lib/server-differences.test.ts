import type { Bundle, OperationOutcome, Parameters, Patient } from '@medplum/fhirtypes'
import { FhirClient, fetchTransport } from '@openward/fhir-client'
import { verdictToBasic } from '@openward/fhir-client/conformance'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { type Harness, startHarness } from '#/testing/harness.ts'
import { OTHER_SOFTWARE, type OtherServer, startOtherServer } from '#/testing/other-server.ts'
import * as people from '#/testing/people.ts'
import { requireSearchable } from './server-differences.ts'

const { CLINICIAN, PATIENT_A } = people

let other: OtherServer
let harness: Harness
beforeAll(async () => {
  other = await startOtherServer()
  harness = await startHarness({ env: { FHIR_BASE_URL: other.baseUrl } })
  other.putBefore(harness.record.baseUrl)
  await harness.seed(people.RESOURCES)
}, 60_000)
afterEach(() => {
  other.differences = {}
  other.requests.length = 0
})
afterAll(async () => {
  await harness.stop()
  await other.stop()
})

async function search<Answer = Bundle>(query: string): Promise<{ status: number; body: Answer }> {
  const response = await harness.fetchAs(CLINICIAN, `/${query}`)
  return { status: response.status, body: (await response.json()) as Answer }
}

describe('a server that passes over parameters it does not know', () => {
  test('is not asked by one that it does not list: the caller is told so', async () => {
    other.differences = { isLenient: true, unlisted: ['category'] }
    // the statement is read with the first search, and kept
    const refused = await search<OperationOutcome>('Observation?patient=Patient/a&category=vital-signs')
    expect(refused.status).toBe(400)
    expect(refused.body.issue[0]).toMatchObject({ expression: ['category'] })
    expect(other.requests.filter((one) => one.includes('Observation/_search'))).toEqual([])
  })

  test('is asked by those that it lists, with modifiers, and by those of every type', async () => {
    other.differences = { isLenient: true }
    const query =
      'Appointment?patient=Patient/a&status:not=cancelled&_lastUpdated=ge2020-01-01&_sort=date&_count=5'
    const { status, body } = await search(query)
    expect(status).toBe(200)
    expect(body.entry?.map(({ resource }) => resource?.id)).toEqual(['v-a'])
  })
})

describe('a server that tells no totals', () => {
  test('is asked to count when the caller wants the total, by the same filters', async () => {
    const total = async () =>
      (await search('Appointment?practitioner=Practitioner/clinician&_count=1&_total=accurate')).body.total
    const known = await total()
    expect(known).toBeGreaterThan(1)
    const counting = () => other.requests.filter((one) => one.includes('_summary=count'))
    expect(counting()).toEqual([])
    other.differences = { tellsNoTotals: true }
    expect(await total()).toBe(known)
    expect(counting()).toHaveLength(1)
    expect(counting()[0]).toContain('practitioner=Practitioner%2Fclinician')
    expect(counting()[0]).not.toContain('_total')
  })
})

describe('a server that answers 409 for another version', () => {
  test('is told to the caller as 412, like by any other server', async () => {
    other.differences = { answersConflict: true }
    const client = await harness.clientFor(PATIENT_A)
    const patient = await client.read('Patient', 'a')
    const change = (value: string) =>
      client.update<Patient>({ ...patient, telecom: [{ system: 'phone', value }] }).then(
        () => 200,
        (error: { status: number }) => error.status,
      )
    // both pass the look that the BFF takes before it writes; the server decides
    const both = await Promise.all([change('555-0101'), change('555-0102')])
    expect(both.toSorted((a, b) => a - b)).toEqual([200, 412])
  })
})

test('who asks who they are is told that booking is off on a server that nothing proves safe', async () => {
  const answer = await harness.fetchAs(PATIENT_A, '/$whoami')
  const { parameter } = (await answer.json()) as Parameters
  expect(parameter).toContainEqual({ name: 'booking-off', valueBoolean: true })
})

test('a verdict of the server says whether it refuses unknown parameters, and then its list does not matter', async () => {
  const headers = () => ({ authorization: `Bearer ${harness.record.secret}` })
  const askNewServer = async () => {
    const mine = await startOtherServer()
    mine.putBefore(harness.record.baseUrl)
    mine.differences = { unlisted: ['category'] }
    const baseUrl = mine.baseUrl.replace('{organization}', 'openward')
    const fhir = new FhirClient(fetchTransport({ baseUrl, headers }))
    await requireSearchable(fhir, 'Observation', [['category', 'vital-signs']]).finally(mine.stop)
  }
  await expect(askNewServer()).rejects.toMatchObject({ status: 400, expression: 'category' })
  const verdict = { suite: '1', isPassed: true, ranAt: '2026-11-22T10:00:00.000Z' }
  const results = { 'search-strict': 'pass' as const }
  await harness.seed([verdictToBasic({ ...verdict, software: OTHER_SOFTWARE, results })])
  await expect(askNewServer()).resolves.toBeUndefined()
})
