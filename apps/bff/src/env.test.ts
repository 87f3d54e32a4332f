import { expect, test } from 'vitest'

import { readEnv } from './env.ts'

const issuer = {
  issuer: 'http://localhost:3000/identity',
  jwks: 'http://127.0.0.1:1/jwks',
  audience: ['api://openward'],
  kind: 'local',
}
const good = {
  FHIR_BASE_URL: 'http://127.0.0.1:3200/{organization}',
  FHIR_AUTH: 'bearer',
  FHIR_TOKEN: 'secret',
  TRUSTED_ISSUERS: JSON.stringify([issuer]),
  UPSTREAMS: '{"/patient":"http://127.0.0.1:4000"}',
}

test('good settings are read, with defaults for the rest', () => {
  expect(readEnv(good)).toMatchObject({
    PORT: 3000,
    HOST: '127.0.0.1',
    RATE_LIMIT_PER_MINUTE: 600,
    FHIR_ORGANIZATION: 'openward',
  })
})

test.each([
  ['PORT', '99999'],
  ['PORT', 'abc'],
  ['PUBLIC_ORIGIN', 'http://localhost:3000/path'],
  ['PUBLIC_ORIGIN', 'ftp://localhost'],
  ['FHIR_BASE_URL', 'nowhere'],
  ['FHIR_AUTH', 'basic'],
  ['FHIR_TOKEN', undefined],
  ['FHIR_ORGANIZATION', '../x'],
  ['TRUSTED_ISSUERS', '[]'],
  ['TRUSTED_ISSUERS', 'not json'],
  ['TRUSTED_ISSUERS', undefined],
  ['UPSTREAMS', '{"patient":"http://127.0.0.1:4000"}'],
  ['LOG_LEVEL', 'loud'],
  ['RATE_LIMIT_PER_MINUTE', '0'],
])('a wrong %s names itself, without its value (%s)', (name, value) => {
  expect(() => readEnv({ ...good, [name]: value })).toThrow(name)
})
