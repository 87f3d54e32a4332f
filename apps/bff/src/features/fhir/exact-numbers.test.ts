import type { Location, Observation } from '@medplum/fhirtypes'
import { parseJson } from '@openward/fhir-client/exact-json'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Harness, startHarness } from '#/testing/harness.ts'
import { ADMINISTRATOR, CLINICIAN, RESOURCES } from '#/testing/people.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed(RESOURCES)
})
afterAll(() => harness.stop())

async function textOf(path: string): Promise<string> {
  return (await harness.fetchAs(ADMINISTRATOR, path)).text()
}

test('numbers are read as they were measured: alone, in a search and in a history', async () => {
  const measured = '{"value":1.00,"unit":"mg"}'
  const observation = parseJson(`{
    "resourceType": "Observation", "id": "exact", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/a"},
    "valueQuantity": ${measured}, "component": [{"code": {"text": "y"}, "valueQuantity": {"value": 12345678901234567890.5}}]
  }`) as Observation & { id: string }
  await harness.seed([observation])
  for (const path of [
    '/Observation/exact',
    '/Observation?patient=Patient/a',
    '/Observation/exact/_history',
  ]) {
    const text = await (await harness.fetchAs(CLINICIAN, path)).text()
    expect(text).toContain(`"valueQuantity":${measured}`)
    expect(text).toContain('"value":12345678901234567890.5')
  }
  const client = await harness.clientFor(CLINICIAN)
  const read = await client.read('Observation', 'exact')
  expect(read.valueQuantity).toEqual({ value: 1, unit: 'mg' })
  expect(JSON.stringify(read)).toContain(`"valueQuantity":${measured}`)
  const { resources } = await client.search('Observation', { patient: 'Patient/a' } as never)
  expect(JSON.stringify(resources)).toContain(`"valueQuantity":${measured}`)
})

test('numbers are written as they were sent: created, updated, patched and in a transaction', async () => {
  const client = await harness.clientFor(ADMINISTRATOR)
  const sent = parseJson(
    '{"resourceType":"Location","name":"Exact","position":{"longitude":13.40,"latitude":52.500,"altitude":1e2}}',
  ) as Location
  const created = await client.create(sent)
  const path = `/Location/${created.id}`
  const position = '"position":{"longitude":13.40,"latitude":52.500,"altitude":1e2}'
  expect(JSON.stringify(created)).toContain(position)
  expect(await textOf(path)).toContain(position)

  const updated = await client.update({ ...created, name: 'Exact again' })
  expect(await textOf(path)).toContain(position)

  const patched = await client.patch('Location', created.id, updated.meta.versionId, [
    { op: 'replace', path: '/name', value: 'Exact still' },
  ])
  expect(await textOf(path)).toContain(position)
  const response = await harness.fetchAs(ADMINISTRATOR, path, {
    method: 'PATCH',
    headers: {
      'content-type': 'application/json-patch+json',
      'if-match': `W/"${patched.meta.versionId}"`,
    },
    body: '[{"op":"replace","path":"/position/latitude","value":48.10}]',
  })
  expect(response.status).toBe(200)
  expect(await textOf(path)).toContain('"longitude":13.40,"latitude":48.10,"altitude":1e2')

  const { meta } = await client.read('Location', created.id)
  const bundle = `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Location","id":"${created.id}",
    "name":"Exact","position":{"longitude":0.10,"latitude":-0.0}},"request":{"method":"PUT","url":"Location/${created.id}","ifMatch":"W/\\"${meta.versionId}\\""}}]}`
  const transaction = await harness.fetchAs(ADMINISTRATOR, '', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: bundle,
  })
  expect(transaction.status).toBe(200)
  expect(await textOf(path)).toContain('"position":{"longitude":0.10,"latitude":-0.0}')
})
