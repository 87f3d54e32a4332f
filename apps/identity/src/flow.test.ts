import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_ACCOUNTS } from '@openward/population/accounts'
import {
  API_SCOPE,
  authorization,
  createBrowser,
  newVerifier,
  PORTAL_ORIGIN,
  redeem,
  refresh,
  removeFolder,
  startIdentity,
  tokensFor,
  type Running,
} from '#/testing.ts'

let running: Running
beforeAll(async () => {
  running = await startIdentity()
})
afterAll(async () => {
  await running.close()
  removeFolder(running.dataFolder)
})

async function codeFor(username: string, challenge: string): Promise<string> {
  const { path } = await createBrowser(running).signIn(username, 'demo', { code_challenge: challenge })
  return new URL(path).searchParams.get('code') ?? ''
}

describe('signing in', () => {
  test('leads back to the portal with code, state and issuer, and the code buys tokens for the API', async () => {
    const { verifier, challenge } = newVerifier()
    const { path } = await createBrowser(running).signIn('patient', 'demo', { code_challenge: challenge })
    const url = new URL(path)
    expect(url.origin + url.pathname).toBe(`${PORTAL_ORIGIN}/patient/auth/redirect`)
    expect(url.searchParams.get('state')).toBe('state-of-the-portal')
    expect(url.searchParams.get('iss')).toBe(running.issuer)
    const { status, body } = await redeem(running, url.searchParams.get('code') ?? '', verifier)
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 900 })
    expect(body['refresh_token']).toEqual(expect.any(String))
    expect(decodeJwt(String(body['id_token']))).toMatchObject({
      aud: 'patient-access',
      nonce: 'nonce-of-the-portal',
      name: 'Maya Thornton',
      preferred_username: 'patient',
      roles: ['patient'],
      organization: 'openward',
      auth_time: expect.any(Number),
    })
  })

  test.each(DEMO_ACCOUNTS.map((account) => [account.username, account] as const))(
    'gives %s an access token with exactly the agreed claims, signed by a published key',
    async (username, account) => {
      const before = Math.floor(Date.now() / 1000)
      const { access_token: token } = await tokensFor(running, createBrowser(running), username)
      const keys = createRemoteJWKSet(new URL(`${running.origin}/identity/jwks`))
      const { payload } = await jwtVerify(String(token), keys, { algorithms: ['RS256'] })
      const { iat, exp, jti, auth_time: authTime, ...claims } = payload
      expect(claims).toEqual({
        iss: running.issuer,
        aud: 'api://openward',
        sub: account.sub,
        oid: account.sub,
        scp: 'access_as_user',
        roles: account.roles,
        organization: account.organization,
        fhirUser: account.fhirUser,
        name: account.name,
        preferred_username: username,
        client_id: 'patient-access',
      })
      expect(Number(exp) - Number(iat)).toBe(900)
      expect(jti).toEqual(expect.any(String))
      expect(Number(authTime)).toBeGreaterThanOrEqual(before)
    },
  )

  test('keeps the time of the sign-in, not of the renewal, in auth_time', async () => {
    const first = await tokensFor(running, createBrowser(running), 'patient')
    const { body } = await refresh(running, first['refresh_token'])
    const authTime = (token: unknown) => decodeJwt(String(token))['auth_time']
    expect(authTime(body['access_token'])).toBe(authTime(first['access_token']))
  })

  test('in one portal signs in to the others without a form, each with its own client', async () => {
    const browser = createBrowser(running)
    await browser.signIn('care-manager')
    const { path } = await browser.visit(
      authorization({
        client_id: 'care-management',
        redirect_uri: `${PORTAL_ORIGIN}/care/auth/redirect`,
        prompt: 'none',
      }),
    )
    expect(new URL(path).searchParams.get('code')).toEqual(expect.any(String))
  })

  test('asked for silently by someone not signed in, says so to the portal', async () => {
    const { path } = await createBrowser(running).visit(authorization({ prompt: 'none' }))
    expect(new URL(path).searchParams.get('error')).toBe('login_required')
  })

  test('asked for again (prompt=login) shows the form although a session exists', async () => {
    const browser = createBrowser(running)
    await browser.signIn('clinician')
    const page = await browser.visit(authorization({ prompt: 'login' }))
    expect(page.response.status).toBe(200)
    expect(await page.response.text()).toContain('name="password"')
  })
})

describe('PKCE', () => {
  test.each([
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with a blank challenge', { code_challenge: '' }],
    ['with a challenge and no method', { code_challenge_method: undefined }],
    ['by method plain', { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' }],
    ['with a challenge that is too short', { code_challenge: 'short' }],
  ])('%s is refused before anyone is asked to sign in', async (_case, changes) => {
    const { path } = await createBrowser(running).visit(authorization(changes))
    const url = new URL(path)
    expect(url.searchParams.get('error')).toBe('invalid_request')
    expect(url.searchParams.get('code')).toBeNull()
  })

  test.each([
    ['missing', undefined],
    ['blank', ''],
    ['another', newVerifier().verifier],
    ['the challenge itself', 'challenge'],
  ])('a verifier that is %s buys nothing', async (_case, given) => {
    const { challenge } = newVerifier()
    const code = await codeFor('patient', challenge)
    const { status, body } = await redeem(running, code, given === 'challenge' ? challenge : given)
    expect(status).toBe(400)
    expect(body['access_token']).toBeUndefined()
  })
})

describe('a code', () => {
  test('used twice is refused, and takes back what it bought', async () => {
    const { verifier, challenge } = newVerifier()
    const code = await codeFor('patient', challenge)
    const first = await redeem(running, code, verifier)
    const second = await redeem(running, code, verifier)
    expect(second).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await refresh(running, first.body['refresh_token'])).status).toBe(400)
  })

  test('used by many at once buys one set of tokens at most', async () => {
    const { verifier, challenge } = newVerifier()
    const code = await codeFor('patient', challenge)
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(running, code, verifier)))
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(answers.every(({ status }) => status === 200 || status === 400)).toBe(true)
  })

  test('is worth nothing to another client or with another redirect address', async () => {
    const { verifier, challenge } = newVerifier()
    const code = await codeFor('patient', challenge)
    expect((await redeem(running, code, verifier, { client_id: 'outreach' })).status).toBe(400)
    const redirect_uri = `${PORTAL_ORIGIN}/care/auth/redirect`
    expect((await redeem(running, code, verifier, { redirect_uri })).status).toBe(400)
  })
})

describe('a refresh token', () => {
  test('is replaced at each use', async () => {
    const first = await tokensFor(running, createBrowser(running), 'patient')
    const { status, body } = await refresh(running, first['refresh_token'])
    expect(status).toBe(200)
    expect(body['refresh_token']).not.toBe(first['refresh_token'])
    expect(decodeJwt(String(body['access_token']))['aud']).toBe('api://openward')
  })

  test('used a second time ends the whole grant, its successor included', async () => {
    const first = await tokensFor(running, createBrowser(running), 'patient')
    const second = await refresh(running, first['refresh_token'])
    expect((await refresh(running, first['refresh_token'])).body['error']).toBe('invalid_grant')
    expect((await refresh(running, second.body['refresh_token'])).body['error']).toBe('invalid_grant')
  })

  test('cannot ask for more than was granted, nor for another API', async () => {
    const first = await tokensFor(running, createBrowser(running), 'patient')
    const scope = `${API_SCOPE} api://other/everything`
    expect((await refresh(running, first['refresh_token'], { scope })).status).toBe(400)
    expect((await refresh(running, first['refresh_token'], { resource: 'api://other' })).status).toBe(400)
  })

  test('survives a restart of the provider, and so does the session', async () => {
    const before = await startIdentity()
    const browser = createBrowser(before)
    const first = await tokensFor(before, browser, 'patient')
    await before.close()
    const after = await startIdentity({}, before.dataFolder)
    expect((await refresh(after, first['refresh_token'])).status).toBe(200)
    const keys = createRemoteJWKSet(new URL(`${after.origin}/identity/jwks`))
    await expect(jwtVerify(String(first['access_token']), keys)).resolves.toBeDefined()
    await after.close()
    removeFolder(before.dataFolder)
  })
})

describe('signing out', () => {
  async function confirm(browser: ReturnType<typeof createBrowser>, query: string) {
    const page = await browser.visit(`/identity/session/end?${query}`)
    const text = await page.response.text()
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
    return { text, answer: await browser.visit('/identity/session/end/confirm', { xsrf, logout: 'yes' }) }
  }

  test('of one portal ends the refresh tokens of all and the session, and leads back', async () => {
    const browser = createBrowser(running)
    const tokens = await tokensFor(running, browser, 'patient')
    const home = `${PORTAL_ORIGIN}/care`
    const query = new URLSearchParams({ client_id: 'care-management', post_logout_redirect_uri: home })
    const { text, answer } = await confirm(browser, query.toString())
    expect(text).toContain('document.forms[0].submit()')
    expect(answer.path).toBe(home)
    expect((await refresh(running, tokens['refresh_token'])).body['error']).toBe('invalid_grant')
    const { path } = await browser.visit(authorization({ prompt: 'none' }))
    expect(new URL(path).searchParams.get('error')).toBe('login_required')
  })

  test('without naming a portal ends on a page that says so', async () => {
    const browser = createBrowser(running)
    await browser.signIn('patient')
    const { answer } = await confirm(browser, '')
    expect(await answer.response.text()).toContain('You are signed out')
  })

  test('never leads to an address that is not registered', async () => {
    const browser = createBrowser(running)
    await browser.signIn('patient')
    const query = 'client_id=patient-access&post_logout_redirect_uri=https%3A%2F%2Fevil.example'
    const { response } = await browser.visit(`/identity/session/end?${query}`)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toContain('text/html')
  })
})
