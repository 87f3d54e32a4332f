import type { Bundle, OperationOutcome, Patient } from '@medplum/fhirtypes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'

const { ADMINISTRATOR, CANARY, PATIENT_A } = people

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed(people.RESOURCES)
})
afterAll(() => harness.stop())

/** One that the record would find, one that it would not, and what else is not literal. */
const SEARCHES = [`Patient?family=${CANARY}-b`, 'Patient?family=nobody', 'Practitioner?identifier=x|y']
const OTHERS = [
  'https://elsewhere.example/Patient/1',
  'urn:uuid:0e8a3c10-5b7d-4f21-9c64-000000000001',
  'Patient',
]

function send(
  person: TestPerson,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const type = method === 'PATCH' ? 'application/json-patch+json' : 'application/fhir+json'
  return harness.fetchAs(person, path, {
    method,
    headers: { 'content-type': type, ...headers },
    body: JSON.stringify(body),
  })
}

async function refusalOf(response: Response): Promise<[number, string | undefined]> {
  const { issue } = (await response.json()) as OperationOutcome
  return [response.status, issue[0]?.expression?.[0]]
}

describe('a reference that is no literal one is refused and never searched', () => {
  test.each([...SEARCHES, ...OTHERS])('%s in a patch of one’s own details', async (reference) => {
    const before = await harness.record.fhir().read('Patient', 'a')
    const answer = await send(
      PATIENT_A,
      'PATCH',
      '/Patient/a',
      [
        {
          op: 'add',
          path: '/telecom',
          value: [{ value: '1', extension: [{ url: 'x', valueReference: { reference } }] }],
        },
      ],
      { 'if-match': `W/"${before.meta.versionId}"` },
    )
    expect(await refusalOf(answer)).toEqual([422, 'Patient.telecom[0].extension'])
    expect(await harness.record.fhir().read('Patient', 'a')).toEqual(before)
  })

  test.each([...SEARCHES, ...OTHERS])('%s in a create, an update and a patch', async (reference) => {
    const site = await harness.record.fhir().read('Location', 'site')
    const headers = { 'if-match': `W/"${site.meta.versionId}"` }
    const answers = [
      await send(ADMINISTRATOR, 'POST', '/Location', { resourceType: 'Location', partOf: { reference } }),
      await send(ADMINISTRATOR, 'PUT', '/Location/site', { ...site, partOf: { reference } }, headers),
      await send(
        ADMINISTRATOR,
        'PATCH',
        '/Location/site',
        [{ op: 'add', path: '/partOf', value: { reference } }],
        headers,
      ),
    ]
    for (const answer of answers) expect(await refusalOf(answer)).toEqual([422, 'Location.partOf.reference'])
    const contained = [{ resourceType: 'Location', id: 'c', managingOrganization: { reference } }]
    const packed = await send(ADMINISTRATOR, 'POST', '/Location', { resourceType: 'Location', contained })
    expect(await refusalOf(packed)).toEqual([422, 'Location.contained[0].managingOrganization.reference'])
  })

  test.each([...SEARCHES, ...OTHERS])('%s in an entry of a batch or a transaction', async (reference) => {
    const entry = [
      {
        resource: { resourceType: 'Location', name: 'kept out' },
        request: { method: 'POST', url: 'Location' },
      },
      {
        fullUrl: 'urn:uuid:0e8a3c10-5b7d-4f21-9c64-000000000002',
        resource: { resourceType: 'Location', partOf: { reference } },
        request: { method: 'POST', url: 'Location' },
      },
    ]
    const whole = await send(ADMINISTRATOR, 'POST', '', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry,
    })
    expect((await refusalOf(whole))[0]).toBe(422)
    const { resources } = await harness.record.fhir().search('Location', { name: 'kept out' })
    expect(resources).toEqual([])
    const batch = await send(ADMINISTRATOR, 'POST', '', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: entry.slice(1),
    })
    expect(((await batch.json()) as Bundle).entry?.[0]?.response?.status).toBe('422')
  })

  test.each(SEARCHES)('%s in what an operation is given', async (reference) => {
    const parameter = [
      {
        name: 'appointment-resource',
        resource: { resourceType: 'Appointment', participant: [{ actor: { reference } }] },
      },
    ]
    for (const path of ['/Appointment/$find', '/Appointment/$hold', '/Appointment/v-a/$cancel']) {
      const answer = await send(PATIENT_A, 'POST', path, { resourceType: 'Parameters', parameter })
      expect(await refusalOf(answer)).toEqual([
        422,
        'Parameters.parameter[0].resource.participant[0].actor.reference',
      ])
    }
  })
})

test('what a stored resource refers to elsewhere stays when something else of it changes', async () => {
  const elsewhere = { reference: 'https://elsewhere.example/Organization/1' }
  await harness.seed([
    { resourceType: 'Patient', id: 'imported', managingOrganization: elsewhere } satisfies Patient & {
      id: string
    },
  ])
  const client = await harness.clientFor({ fhirUser: 'Patient/imported', roles: ['patient'] })
  const patient = await client.read('Patient', 'imported')
  expect(await client.update({ ...patient, telecom: [{ system: 'phone', value: '1' }] })).toMatchObject({
    managingOrganization: elsewhere,
  })
})
