import { NextRequest } from 'next/server'
import { expect, test } from 'vitest'
import { contentSecurityPolicy, createProxy } from './content-security-policy.ts'
import { identityOrigin } from './identity-origin.ts'

const production = { identityOrigin: 'https://login.example', isDevelopment: false }
const ask = (path: string) => createProxy(() => production)(new NextRequest(`http://localhost${path}`))

test('in production nothing inline, evaluated or foreign is allowed', () => {
  const policy = contentSecurityPolicy({ ...production, nonce: 'n0' })
  expect(policy).not.toMatch(/unsafe|\*|http:/)
  expect(policy).toContain("script-src 'self' 'nonce-n0' 'strict-dynamic';")
  expect(policy).toContain("style-src 'self' 'nonce-n0';")
  expect(policy).toContain("connect-src 'self' https://login.example;")
  expect(policy).toContain("frame-src 'self' https://login.example;")
})

test('every answer has its own nonce, and Next is told the same one', () => {
  const nonceOf = (policy: string | null) => /'nonce-([^']+)'/.exec(policy ?? '')?.[1]
  const [first, second] = [ask('/'), ask('/')]
  const nonce = nonceOf(first.headers.get('content-security-policy'))
  expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/)
  expect(nonce).not.toBe(nonceOf(second.headers.get('content-security-policy')))
  expect(first.headers.get('x-middleware-request-x-nonce')).toBe(nonce)
})

test('the sign-in bridge stays reachable from the window that opened it; other pages do not', () => {
  expect(ask('/auth/redirect').headers.has('cross-origin-opener-policy')).toBe(false)
  expect(ask('/home').headers.get('cross-origin-opener-policy')).toBe('same-origin')
})

test('the identity origin comes from the endpoints, or from the authority where there are none', () => {
  const base = { clientId: 'c', apiScope: 's', basePath: '/patient' }
  const endpoints = {
    issuer: 'http://localhost:3000/identity',
    authorization_endpoint: '',
    token_endpoint: '',
    end_session_endpoint: '',
    jwks_uri: '',
  }
  expect(
    identityOrigin({ ...base, mode: 'oidc', authority: 'https://localhost:3000/identity', endpoints }),
  ).toBe('http://localhost:3000')
  expect(identityOrigin({ ...base, mode: 'entra', authority: 'https://login.microsoftonline.com/t' })).toBe(
    'https://login.microsoftonline.com',
  )
})
