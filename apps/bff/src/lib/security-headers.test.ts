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
