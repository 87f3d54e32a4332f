import type { FhirRequest, FhirTransport } from '@openward/fhir-client'
import { describe, expect, test } from 'vitest'
import { renewingTransport } from './renewing-transport.ts'

const REQUEST: FhirRequest = {
  method: 'GET',
  path: 'Patient/1',
  headers: {},
  resourceType: 'Patient',
  signal: new AbortController().signal,
}

function answering(...statuses: number[]) {
  let sent = 0
  const transport: FhirTransport = {
    baseUrl: 'https://fhir.example',
    send: async () => ({ status: statuses[sent++] ?? 500, headers: new Headers(), body: undefined }),
  }
  return { transport, sent: () => sent }
}

describe('a token that is refused', () => {
  test('is renewed once and the request repeated', async () => {
    const { transport, sent } = answering(401, 200)
    let renewed = 0
    const answer = await renewingTransport(transport, async () => (renewed += 1)).send(REQUEST)
    expect([answer.status, renewed, sent()]).toEqual([200, 1, 2])
  })

  test('twice is the answer: nothing goes in circles', async () => {
    const { transport, sent } = answering(401, 401, 200)
    const answer = await renewingTransport(transport, async () => undefined).send(REQUEST)
    expect([answer.status, sent()]).toEqual([401, 2])
  })

  test('that cannot be renewed tells why, and nothing is sent again', async () => {
    const { transport, sent } = answering(401, 200)
    const failing = renewingTransport(transport, () => Promise.reject(new Error('signed out')))
    await expect(failing.send(REQUEST)).rejects.toThrow('signed out')
    expect(sent()).toBe(1)
  })

  test('leaves every other answer as it is', async () => {
    const { transport, sent } = answering(403, 200)
    let renewed = 0
    const answer = await renewingTransport(transport, async () => (renewed += 1)).send(REQUEST)
    expect([answer.status, renewed, sent()]).toEqual([403, 0, 1])
  })
})
