import Fastify from 'fastify'
import { expect, test } from 'vitest'

import { addSecurityHeaders } from './security-headers.ts'

test.each([
  ['https://care.example', 'max-age=63072000; includeSubDomains'],
  ['http://localhost:3000', undefined],
])('strict transport security is for https only: %s', async (origin, expected) => {
  const server = Fastify()
  addSecurityHeaders(server, origin)
  server.get('/', async () => 'x')
  const { headers } = await server.inject('/')
  expect(headers['strict-transport-security']).toBe(expected)
  expect(headers['content-security-policy']).toContain("frame-ancestors 'self'")
})

test('files of a build carry no words for documents, and everything that is not such a file carries them', async () => {
  const server = Fastify()
  addSecurityHeaders(server, 'https://care.example')
  server.get('/patient/_next/static/*', async (request, reply) =>
    request.url.includes('missing') ? reply.code(404).send('x') : 'x',
  )
  server.get('/*', async () => 'x')
  const headersOf = async (url: string) => (await server.inject(url)).headers
  const file = await headersOf('/patient/_next/static/chunks/a.js')
  expect(file).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': expect.stringContaining('max-age'),
  })
  expect(file).not.toHaveProperty('permissions-policy')
  for (const url of [
    '/patient',
    '/patient/_next/static/chunks/missing.js',
    '/patient/_next/static/page.html',
    '/fhir/_next/a.js',
    '/patient/home?x=/patient/_next/static/a.js',
  ]) {
    expect({ url, ...(await headersOf(url)) }).toMatchObject({
      url,
      'permissions-policy': expect.any(String),
      'content-security-policy': expect.any(String),
      'cross-origin-opener-policy': 'same-origin',
    })
  }
})
