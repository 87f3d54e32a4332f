import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

test('in a browser, numbers come and go as they were written, and the page keeps its own fetch', async () => {
  const resource = '{"resourceType":"Observation","id":"a","valueQuantity":{"value":1.00,"unit":"mg"}}'
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    response.writeHead(request.url?.endsWith('/missing') ? 404 : 200, {
      'content-type': 'application/fhir+json; charset=utf-8',
    })
    response.end(resource)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`
  const pageFetch = globalThis.fetch
  vi.stubGlobal('window', globalThis)
  const { browserTransport } = await import('./browser.ts')
  const { FhirClient } = await import('./client.ts')
  expect(globalThis.fetch).toBe(pageFetch)
  const client = new FhirClient(browserTransport({ baseUrl, token: async () => 't' }))
  const read = await client.read('Observation', 'a')
  expect(read.valueQuantity).toEqual({ value: 1, unit: 'mg' })
  expect(JSON.stringify(read)).toBe(resource)
  await client.create(read)
  expect(bodies.at(-1)).toBe(resource)
  await expect(client.read('Observation', 'missing')).rejects.toMatchObject({
    code: 'not-found',
    status: 404,
  })
  server.close()
  server.closeAllConnections()
})
