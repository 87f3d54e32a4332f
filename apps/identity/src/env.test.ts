import { expect, test } from 'vitest'
import { readEnv } from '#/env.ts'

test.each([
  ['IDENTITY_PORT', { IDENTITY_PORT: 'x' }],
  ['ISSUER', { ISSUER: 'localhost/identity' }],
  ['PUBLIC_ORIGIN', { PUBLIC_ORIGIN: 'ftp://localhost' }],
  ['PUBLIC_ORIGIN', { PUBLIC_ORIGIN: 'http://localhost:3000/patient' }],
  ['OPENWARD_TEST_ACCOUNTS', { OPENWARD_TEST_ACCOUNTS: 'true' }],
  ['ACCESS_TOKEN_SECONDS', { ACCESS_TOKEN_SECONDS: '0' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
])('a wrong %s is named at start', (name, env) => {
  expect(() => readEnv(env)).toThrow(name)
})

test('an empty environment is a local install on port 3000 without test accounts', () => {
  expect(readEnv({})).toMatchObject({
    issuer: 'http://localhost:3000/identity',
    publicOrigin: 'http://localhost:3000',
    hasTestAccounts: false,
    accessTokenSeconds: 900,
  })
})
