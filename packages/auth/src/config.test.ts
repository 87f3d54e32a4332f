import { expect, test } from 'vitest'
import { authConfigFromEnv } from './config.ts'

const portal = { basePath: '/patient', clientId: 'patient-access' }

test('an empty environment means the local provider on port 3000', () => {
  expect(authConfigFromEnv({}, portal)).toEqual({
    mode: 'oidc',
    clientId: 'patient-access',
    apiScope: 'api://openward/access_as_user',
    basePath: '/patient',
    authority: 'https://localhost:3000/identity',
    endpoints: {
      issuer: 'http://localhost:3000/identity',
      authorization_endpoint: 'http://localhost:3000/identity/auth',
      token_endpoint: 'http://localhost:3000/identity/token',
      end_session_endpoint: 'http://localhost:3000/identity/session/end',
      jwks_uri: 'http://localhost:3000/identity/jwks',
    },
  })
})

test('entra by tenant, and by an authority of its own for External ID, needs no endpoints', () => {
  const env = { AUTH_MODE: 'entra', OIDC_CLIENT_ID: 'app', OIDC_API_SCOPE: 'api://x/access_as_user' }
  expect(authConfigFromEnv({ ...env, ENTRA_TENANT_ID: 'tenant' }, portal)).toEqual({
    mode: 'entra',
    clientId: 'app',
    apiScope: 'api://x/access_as_user',
    basePath: '/patient',
    authority: 'https://login.microsoftonline.com/tenant',
  })
  const ENTRA_AUTHORITY = 'https://clinic.ciamlogin.com/'
  expect(authConfigFromEnv({ ...env, ENTRA_AUTHORITY }, portal).authority).toBe(
    'https://clinic.ciamlogin.com',
  )
})

test.each([
  ['AUTH_MODE', { AUTH_MODE: 'saml' }],
  ['ENTRA_TENANT_ID', { AUTH_MODE: 'entra' }],
  ['ENTRA_AUTHORITY', { AUTH_MODE: 'entra', ENTRA_AUTHORITY: 'clinic' }],
  ['OIDC_ISSUER', { OIDC_ISSUER: 'localhost' }],
])('a wrong %s is named', (name, env) => {
  expect(() => authConfigFromEnv(env, portal)).toThrow(name)
})
