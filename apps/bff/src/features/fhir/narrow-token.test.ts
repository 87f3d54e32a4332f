import type { Bundle, Observation, Patient } from '@medplum/fhirtypes'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Harness, startHarness } from '#/testing/harness.ts'

const CANARY = 'canary-laboratory-7f3a'

function observation(id: string, category: string, text: string): Observation & { id: string } {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] },
    ],
    code: { text },
    subject: { reference: 'Patient/a' },
  }
}

const PATIENT: Patient & { id: string } = { resourceType: 'Patient', id: 'a', name: [{ family: 'A' }] }

let harness: Harness
let token: string
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed([
    PATIENT,
    observation('pulse', 'vital-signs', 'Pulse'),
    observation('blood', 'laboratory', CANARY),
  ])
  token = await harness.issuer.mint({
    roles: ['patient'],
    fhirUser: 'Patient/a',
    scp: 'openid launch/patient patient/Observation.rs?category=vital-signs',
  })
})
afterAll(() => harness.stop())

async function get(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${harness.fhirUrl}${path}`, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, text: await response.text() }
}

function idsIn(text: string): (string | undefined)[] {
  return ((JSON.parse(text) as Bundle).entry ?? []).map(({ resource }) => resource?.id)
}

test('an app that was given vital signs gets exactly those', async () => {
  const all = await get('/Observation?patient=a')
  expect([all.status, idsIn(all.text)]).toEqual([200, ['pulse']])
  expect((JSON.parse(all.text) as Bundle).total).toBe(1)
  expect((await get('/Observation/pulse')).status).toBe(200)
})

test.each([
  ['/Observation?category=laboratory', 200],
  ['/Observation?_id=blood', 200],
  ['/Observation?code=x&_total=accurate', 200],
  ['/Observation?_summary=count', 200],
  ['/Observation/blood', 404],
  ['/Observation/blood/_history', 404],
  ['/Observation/blood/_history/1', 404],
  ['/Patient/a', 403],
  ['/Condition?patient=a', 403],
  ['/Appointment?patient=a', 403],
])('its request %s tells nothing of what was not given', async (path, status) => {
  const answer = await get(path)
  expect(answer.status).toBe(status)
  expect(answer.text).not.toContain(CANARY)
  expect(status === 200 ? idsIn(answer.text) : []).toEqual([])
})

test('what was not given is counted nowhere', async () => {
  expect((JSON.parse((await get('/Observation?_summary=count')).text) as Bundle).total).toBe(1)
  expect(
    (JSON.parse((await get('/Observation?category=laboratory&_total=accurate')).text) as Bundle).total,
  ).toBe(0)
})

test('its events and operations tell nothing either', async () => {
  const operation = await fetch(`${harness.fhirUrl}/Appointment/$find`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Parameters' }),
  })
  expect(operation.status).toBe(403)
})

test.each(['patient/Observation.read', 'patient/Nothing', 'launch/patient', 'openid'])(
  'a token with only the scope %s opens nothing',
  async (scp) => {
    const poor = await harness.issuer.mint({ roles: ['patient'], fhirUser: 'Patient/a', scp })
    const response = await fetch(`${harness.fhirUrl}/Observation?patient=a`, {
      headers: { authorization: `Bearer ${poor}` },
    })
    expect([401, 403]).toContain(response.status)
    expect(await response.text()).not.toContain(CANARY)
  },
)
