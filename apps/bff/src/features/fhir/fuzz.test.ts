import type { Resource } from '@medplum/fhirtypes'
import { ROLE_TABLE } from '@openward/access'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'

const { ADMINISTRATOR, PATIENT_A } = people

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed([...people.RESOURCES, ...STORED])
})
afterAll(() => harness.stop())

const STORED: readonly (Resource & { id: string })[] = [
  { resourceType: 'HealthcareService', id: 'fuzzed', name: 'Service' },
  { resourceType: 'Location', id: 'fuzzed', name: 'Site' },
  { resourceType: 'Organization', id: 'fuzzed', name: 'Clinic' },
  { resourceType: 'Practitioner', id: 'fuzzed', name: [{ family: 'F' }] },
  { resourceType: 'PractitionerRole', id: 'fuzzed', active: true },
  { resourceType: 'Schedule', id: 'fuzzed', actor: [{ reference: 'Practitioner/fuzzed' }] },
]
const WRONG = ['x', 7, true, null, [], [null], [[]], ['x'], {}, [{}], { x: null }, [{ extension: 'x' }]]
const ELEMENTS = [
  'id,meta,text,contained,extension,modifierExtension,implicitRules,language,identifier,active,name,telecom,address,actor',
  'communication,link,contact,photo,practitioner,organization,code,specialty,location,healthcareService,period,availableTime',
  'partOf,hoursOfOperation,physicalType,position,managingOrganization,serviceType,planningHorizon,type,comment,_name,_active',
]
  .join(',')
  .split(',')

const WRITABLE = ROLE_TABLE.flatMap(({ role, scopes }) =>
  scopes.flatMap(({ type, actions }) =>
    actions.some((action) => action === 'c' || action === 'u') ? [{ role, type }] : [],
  ),
)

test.each(WRITABLE)(
  'a $type of $role with wrong JSON in any element is a client error, never ours',
  async ({ role, type }) => {
    const person: TestPerson = role === 'patient' ? PATIENT_A : ADMINISTRATOR
    const id = role === 'patient' ? 'a' : 'fuzzed'
    const stored = await harness.record.fhir().read(type as 'Patient', id)
    const failed: unknown[] = []
    async function ask(method: string, path: string, body: unknown): Promise<void> {
      const { status } = await harness.fetchAs(person, path, {
        method,
        headers: {
          'content-type': method === 'PATCH' ? 'application/json-patch+json' : 'application/fhir+json',
          'if-match': `W/"${stored.meta.versionId}"`,
        },
        body: JSON.stringify(body),
      })
      if (status >= 500) failed.push([method, body, status])
    }
    for (const element of ELEMENTS) {
      await Promise.all(
        WRONG.flatMap((value) => [
          ask('POST', `/${type}`, { ...stored, [element]: value }),
          ask('PUT', `/${type}/${id}`, { ...stored, [element]: value }),
          ask('PATCH', `/${type}/${id}`, [{ op: 'add', path: `/${element}`, value }]),
        ]),
      )
    }
    expect(failed).toEqual([])
  },
)

test.each([
  [{ meta: 'x' }, 'Patient.meta'],
  [{ name: [null] }, 'Patient.name[0]'],
  [{ telecom: 'x' }, 'Patient.telecom'],
])('%j in one’s own details is 422 and names the element', async (change, expression) => {
  const { meta, ...patient } = await harness.record.fhir().read('Patient', 'a')
  const answer = await harness.fetchAs(PATIENT_A, '/Patient/a', {
    method: 'PUT',
    headers: { 'content-type': 'application/fhir+json', 'if-match': `W/"${meta.versionId}"` },
    body: JSON.stringify({ ...patient, ...change }),
  })
  expect(answer.status).toBe(422)
  expect(await answer.json()).toMatchObject({ issue: [{ expression: [expression] }] })
})
