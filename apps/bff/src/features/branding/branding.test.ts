import { EXTENSION } from '@openward/fhir-client'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Harness, startHarness } from '#/testing/harness.ts'

let harness: Harness

beforeAll(async () => {
  harness = await startHarness()
  await harness.seed([
    {
      resourceType: 'Organization',
      id: 'openward',
      active: true,
      name: 'Openward Community Health',
      telecom: [{ system: 'email', value: 'CANARY@example.org' }],
      extension: [
        { url: EXTENSION.branding, extension: [{ url: 'displayName', valueString: 'Openward' }] },
        { url: 'https://example.org/internal', valueString: 'CANARY' },
      ],
    },
  ])
})
afterAll(async () => {
  await harness.stop()
})

test('anyone may see how the clinic shows itself, and nothing else of the organisation', async () => {
  const response = await fetch(`${harness.origin}/fhir/Organization/$branding`)
  expect(response.status).toBe(200)
  const text = await response.text()
  expect(JSON.parse(text)).toEqual({
    resourceType: 'Organization',
    id: 'openward',
    name: 'Openward Community Health',
    extension: [{ url: EXTENSION.branding, extension: [{ url: 'displayName', valueString: 'Openward' }] }],
  })
  expect(text).not.toContain('CANARY')
})

test('branding opens no other door: the organisation itself needs sign-in, and no other can be named', async () => {
  for (const path of [
    'Organization/openward',
    'Organization/openward/$branding',
    'Organization/lakeside/$branding',
    'Patient/$branding',
  ]) {
    const { status } = await fetch(`${harness.origin}/fhir/${path}`)
    expect({ path, status }).toEqual({ path, status: 401 })
  }
})
