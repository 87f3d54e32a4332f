import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startTestIssuer, type TestIssuer } from '#/testing/tokens.ts'
import type { Refusal } from './refusal.ts'
import { createTokenCheck, type TokenCheck } from './token.ts'

type Claims = Record<string, unknown>

let provider: TestIssuer
let check: TokenCheck
const audience = ['api://openward']

beforeAll(async () => {
  provider = await startTestIssuer()
  check = createTokenCheck([{ issuer: provider.issuer, jwks: provider.jwksUrl, audience, kind: 'local' }])
})
afterAll(() => provider.stop())

async function refusalOf(token: string, by: TokenCheck = check): Promise<Refusal> {
  return by(`Bearer ${token}`).then(
    () => expect.fail('the token was taken'),
    (error: Refusal) => error,
  )
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

const seconds = () => Math.floor(Date.now() / 1000)
const good = (claims: Claims = {}) => provider.mint({ roles: ['patient'], fhirUser: 'Patient/a', ...claims })

describe('a token', () => {
  test('of a trusted issuer tells who, where, and in which known roles', async () => {
    const identity = await check(`Bearer ${await good({ roles: ['patient', 'root', 'scheduler'] })}`)
    expect(identity).toMatchObject({
      issuer: provider.issuer,
      subject: 'test-subject',
      organization: 'openward',
      roles: ['patient', 'scheduler'],
      fhirUser: 'Patient/a',
    })
  })

  test.each<[string, () => Claims]>([
    ['expired beyond the leeway', () => ({ exp: seconds() - 31 })],
    ['not valid yet', () => ({ nbf: seconds() + 60 })],
    ['for another audience', () => ({ aud: 'patient-access' })],
    ['of another issuer', () => ({ iss: 'https://evil.example' })],
    ['an ID token, without our scope', () => ({ scp: undefined })],
    ['of an app alone', () => ({ scp: undefined, idtyp: 'app' })],
    ['with a scope that only looks like ours', () => ({ scp: 'access_as_user_x' })],
    ['without a subject', () => ({ sub: undefined })],
    ['without an end', () => ({ exp: undefined })],
  ])('is refused with 401 when it is %s', async (_case, claims) => {
    const refusal = await refusalOf(await good(claims()))
    expect(refusal.status).toBe(401)
    expect(refusal.headers['www-authenticate']).toContain('invalid_token')
  })

  test('is taken within 30 seconds of clock difference', async () => {
    await expect(check(`Bearer ${await good({ exp: seconds() - 20 })}`)).resolves.toBeDefined()
  })

  test('is refused when it signs nothing, or signs with our public key as a secret', async () => {
    const [, payload] = (await good()).split('.')
    const none = `${encode({ alg: 'none', kid: 'test-key' })}.${payload}.`
    const input = `${encode({ alg: 'HS256', kid: 'test-key' })}.${payload}`
    const mac = createHmac('sha256', await exportSPKI(provider.publicKey))
      .update(input)
      .digest('base64url')
    for (const token of [none, `${none}x`, `${input}.${mac}`])
      expect((await refusalOf(token)).status).toBe(401)
  })

  test('is refused when it is signed by someone else, under our key id or one of theirs', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const claims = {
      iss: provider.issuer,
      aud: audience,
      sub: 's',
      scp: 'access_as_user',
      roles: ['administrator'],
    }
    const sign = (kid: string) =>
      new SignJWT(claims)
        .setIssuedAt()
        .setExpirationTime('5m')
        .setProtectedHeader({
          alg: 'RS256',
          kid,
          jku: 'http://127.0.0.1:1/keys',
          x5u: 'http://127.0.0.1:1/x',
        })
        .sign(privateKey)
    expect(publicKey).toBeDefined()
    for (const kid of ['test-key', 'unknown']) expect((await refusalOf(await sign(kid))).status).toBe(401)
  })

  test.each(['', 'null', 'a.b.c', 'x'.repeat(20_000), '..', 'a.b.c.d.e'])(
    'is refused when it is %.20j',
    async (token) => {
      expect((await refusalOf(token)).status).toBe(401)
    },
  )

  test('that is missing gets a challenge without an error', async () => {
    const refusal: Refusal = await check(undefined).then(
      () => expect.fail('taken'),
      (error: Refusal) => error,
    )
    expect(refusal.status).toBe(401)
    expect(refusal.headers['www-authenticate']).not.toContain('error')
  })

  test.each<[string, Claims]>([
    ['no role', { roles: [] }],
    ['only unknown roles', { roles: ['superuser'] }],
    ['roles that are no list', { roles: 'administrator' }],
    ['no organization', { organization: undefined }],
    ['an organization that is a path', { organization: '../lakeside' }],
  ])('with %s is 403', async (_case, claims) => {
    expect((await refusalOf(await good(claims))).status).toBe(403)
  })

  test('of a foreign issuer cannot say who it is in the record, nor choose its organization', async () => {
    const foreign = createTokenCheck([
      { issuer: provider.issuer, jwks: provider.jwksUrl, audience, kind: 'entra', organization: 'lakeside' },
    ])
    const identity = await foreign(`Bearer ${await good({ organization: 'openward' })}`)
    expect(identity).toMatchObject({ fhirUser: undefined, organization: 'lakeside' })
  })

  test('cannot be checked while the keys are out of reach: 503 and when to come back', async () => {
    const lonely = createTokenCheck([
      { issuer: provider.issuer, jwks: 'http://127.0.0.1:1/jwks', audience, kind: 'local' },
    ])
    const refusal = await refusalOf(await good(), lonely)
    expect(refusal.status).toBe(503)
    expect(refusal.headers['retry-after']).toBeDefined()
  })
})
