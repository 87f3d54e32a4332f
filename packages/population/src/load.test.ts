import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Bundle, Resource } from '@medplum/fhirtypes'
import { afterEach, expect, test } from 'vitest'

import { generatePopulation } from './generate.ts'
import { loadPopulation, reasonFrom, sendBundle } from './load.ts'

let server: Server | undefined

afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

/** A server that answers each bundle as told; what it got is in `bundles`. */
async function listen(
  answer: (bundle: Bundle, count: number) => Answer,
): Promise<{ baseUrl: string; bundles: Bundle[] }> {
  const bundles: Bundle[] = []
  server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const bundle = JSON.parse(text) as Bundle
      bundles.push(bundle)
      const { status, body, headers } = answer(bundle, bundles.length)
      response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers })
      response.end(JSON.stringify(body ?? {}))
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bundles }
}

const OK: Answer = { status: 200, body: { resourceType: 'Bundle', type: 'transaction-response' } }
const PLAN = { seed: 1, anchorDate: '2026-11-22', now: 0, patients: 30, organization: 'lakeside' } as const

test('every resource is put once, and nothing is sent before the types it refers to', async () => {
  const { baseUrl, bundles } = await listen(() => OK)
  const resources = [...generatePopulation(PLAN)]
  const seen: number[] = []
  const { stored } = await loadPopulation({
    baseUrl,
    resources,
    onProgress: (count) => seen.push(count),
    bundleSize: 50,
  })
  expect(stored).toBe(resources.length)
  expect(seen.at(-1)).toBe(resources.length)
  const urls = bundles.flatMap(({ entry }) => entry?.map(({ request }) => request?.url) ?? [])
  expect(new Set(urls)).toEqual(new Set(resources.map((r) => `${r.resourceType}/${r.id}`)))
  expect(urls).toHaveLength(resources.length)
  expect(bundles.every(({ type, entry }) => type === 'transaction' && (entry?.length ?? 0) <= 50)).toBe(true)
})

test('a busy server is asked again, and the population still arrives whole', async () => {
  const { baseUrl } = await listen((_, count) =>
    count % 2 === 1 ? { status: 503, headers: { 'retry-after': '0' } } : OK,
  )
  const resources = [...generatePopulation({ ...PLAN, patients: 'empty' })]
  await expect(loadPopulation({ baseUrl, resources, bundleSize: 2 })).resolves.toEqual({
    stored: resources.length,
  })
})

test('a refusal stops the load and says why in the words of the server', async () => {
  const outcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'invalid', details: { text: 'Patient.gender is unknown' } }],
  }
  const { baseUrl } = await listen(() => ({ status: 422, body: outcome }))
  const resources = [...generatePopulation({ ...PLAN, patients: 'empty' })]
  await expect(loadPopulation({ baseUrl, resources })).rejects.toThrow('(422): Patient.gender is unknown')
})

test('a server that is not there is told apart from one that refuses', { timeout: 30_000 }, async () => {
  const { baseUrl } = await listen(() => OK)
  server?.close()
  const answer = await sendBundle({ baseUrl }, { resourceType: 'Bundle', type: 'transaction' })
  expect(answer).toMatchObject({ ok: false, isUnreachable: true })
})

test.each([
  [undefined, ''],
  ['text', ''],
  [{ issue: 'none' }, ''],
  [{ issue: [null, { diagnostics: 'a\u001b[31mb' }] }, 'a [31mb'],
  [{ issue: [{ code: 'invalid', expression: ['Patient.name'] }] }, 'invalid (Patient.name)'],
])('the reason in %j is %j, free of control characters', (outcome, reason) => {
  expect(reasonFrom(outcome as Resource)).toBe(reason)
})
