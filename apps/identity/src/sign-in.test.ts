import { createHash } from 'node:crypto'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  authorization,
  createBrowser,
  newVerifier,
  PORTAL_ORIGIN,
  postToken,
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

describe('a sign-in that fails', () => {
  test('says the same for a wrong password and an unknown name, and signs nobody in', async () => {
    const pages = await Promise.all(
      [
        ['patient', 'wrong'],
        ['nobody', 'demo'],
      ].map(async ([username = '', password = '']) => {
        const { path, response } = await createBrowser(running).signIn(username, password)
        const text = (await response.text()).replace(path, '-').replace(`value="${username}"`, '-')
        return { status: response.status, text }
      }),
    )
    expect(pages[0]?.status).toBe(401)
    expect(pages[0]?.text).toContain('role="alert"')
    expect(pages[1]).toEqual(pages[0])
  })

  test('five times closes the door for that name and address only, in words, even for the right password', async () => {
    const browser = createBrowser(running, { 'x-forwarded-for': '203.0.113.9' })
    const { path } = await browser.visit(authorization())
    for (const _try of Array.from({ length: 5 })) {
      expect((await browser.request(path, { username: 'auditor', password: 'x' })).status).toBe(401)
    }
    const refused = await browser.request(path, { username: ' Auditor ', password: 'demo' })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.text()).toContain('Too many tries')
    const elsewhere = await createBrowser(running, { 'x-forwarded-for': '203.0.113.10' }).signIn('auditor')
    expect(new URL(elsewhere.path).searchParams.get('code')).toBeTruthy()
  })

  test('closes the door for names that do not exist just the same', async () => {
    const browser = createBrowser(running, { 'x-forwarded-for': '203.0.113.11' })
    const { path } = await browser.visit(authorization())
    const statuses: number[] = []
    for (const _try of Array.from({ length: 6 })) {
      statuses.push((await browser.request(path, { username: 'nobody', password: 'x' })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })

  test.each([
    ['an empty form', {}],
    ['no password', { username: 'patient' }],
    ['a name of ten thousand letters', { username: 'x'.repeat(10_000), password: 'demo' }],
  ])('with %s asks again and keeps the page', async (_case, form) => {
    const browser = createBrowser(running)
    const { path } = await browser.visit(authorization())
    const answer = await browser.request(path, form as Record<string, string>)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('role="alert"')
  })

  test('shows a hostile username as text, never as markup', async () => {
    const { response } = await createBrowser(running).signIn('"><script>alert(1)</script>', 'x')
    const text = await response.text()
    expect(text).not.toContain('<script>alert')
    expect(text).toContain('&#60;script&#62;alert')
  })
})

describe('a sign-in page', () => {
  test('runs only the scripts and styles its policy names by hash', async () => {
    const { response } = await createBrowser(running).visit(authorization())
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    const text = await response.text()
    const blocks = [...text.matchAll(/<(?:script|style)>([\s\S]*?)<\/(?:script|style)>/g)].map(
      (match) => match[1],
    )
    expect(blocks).toHaveLength(2)
    for (const block of blocks) {
      const hash = createHash('sha256')
        .update(block ?? '')
        .digest('base64')
      expect(policy).toContain(`'sha256-${hash}'`)
    }
    expect(text).not.toMatch(/\son[a-z]+=|\sstyle=/)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('speaks the language asked for, and keeps the one chosen', async () => {
    const spanish = createBrowser(running, { 'accept-language': 'es-MX,es;q=0.9,en;q=0.8' })
    const page = await spanish.visit(authorization())
    expect(await page.response.text()).toContain('<html lang="es" ')
    await spanish.request(`${page.path}?locale=en`)
    expect(await (await spanish.request(page.path)).text()).toContain('<html lang="en" ')
    expect([...spanish.cookies.values()]).toContainEqual({ path: '/', pair: 'locale=en' })
  })

  test('that is unknown or used up says so kindly and leads to the portal', async () => {
    const browser = createBrowser(running)
    const unknown = await browser.request('/identity/interaction/unknown')
    expect(unknown.status).toBe(404)
    expect(await unknown.text()).toContain('href="/patient"')
    const page = await browser.visit(authorization())
    await browser.visit(page.path, { username: 'patient', password: 'demo' })
    const again = await browser.request(page.path, { username: 'patient', password: 'demo' })
    expect(again.status).toBe(404)
    expect(again.headers.get('content-type')).toContain('text/html')
  })

  test('belongs to the browser that opened it', async () => {
    const { path } = await createBrowser(running).visit(authorization())
    expect(
      (await createBrowser(running).request(path, { username: 'patient', password: 'demo' })).status,
    ).toBe(404)
  })

  test('brings its font, to be kept for good', async () => {
    const { response } = await createBrowser(running).visit(authorization())
    const path = /url\('([^']+)'\)/.exec(await response.text())?.[1] ?? ''
    const font = await fetch(running.origin + path)
    expect(font.headers.get('content-type')).toBe('font/woff2')
    expect(font.headers.get('cache-control')).toContain('immutable')
  })
})

describe('a redirect address', () => {
  const registered = `${PORTAL_ORIGIN}/patient/auth/redirect`
  test.each([
    `${registered}/`,
    `${registered}?next=x`,
    `${registered}#x`,
    `${registered}/../../care`,
    registered.toUpperCase(),
    registered.replace('localhost', '127.0.0.1'),
    registered.replace('3000', '3001'),
    registered.replace('http://', 'https://'),
    registered.replace('localhost', 'localhost@evil.example'),
    registered.replace('localhost', 'localhost.evil.example'),
    `${PORTAL_ORIGIN}/care/auth/redirect`,
    'https://evil.example/patient/auth/redirect',
    'javascript:alert(1)',
    '',
  ])('%s is refused on a page of ours, and nothing is sent there', async (redirectUri) => {
    const { path, response } = await createBrowser(running).visit(
      authorization({ redirect_uri: redirectUri }),
    )
    expect(path).toMatch(/^\/identity\/auth/)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('href="/patient"')
  })

  test('of the command line may use any port of the loopback address, and nothing else', async () => {
    const visit = (redirect_uri: string) =>
      createBrowser(running).visit(authorization({ client_id: 'cli', redirect_uri }))
    expect((await visit('http://127.0.0.1:51234/callback')).response.status).toBe(200)
    expect((await visit('http://127.0.0.1:51234/other')).response.status).toBe(400)
    expect((await visit('http://192.0.2.1:51234/callback')).response.status).toBe(400)
  })
})

describe('what is not offered', () => {
  test.each([
    ['response_type=token', { response_type: 'token' }],
    ['response_type=id_token', { response_type: 'id_token' }],
    ['another API', { resource: 'api://other' }],
    ['a request object', { request: 'x.y.z' }],
  ])('%s is refused', async (_case, changes) => {
    const { path } = await createBrowser(running).visit(authorization(changes))
    expect(path).not.toContain('code=')
    expect(path).toContain('error=')
  })

  test.each([
    'password',
    'client_credentials',
    'implicit',
    'urn:ietf:params:oauth:grant-type:device_code',
    '',
  ])('the grant "%s" is refused', async (grant_type) => {
    const form = { grant_type, username: 'patient', password: 'demo' }
    const { status, body } = await postToken(running, form)
    expect(status).toBe(400)
    expect(body['access_token']).toBeUndefined()
  })

  test('an unknown client or path gets a page, never a stack or a 500', async () => {
    const browser = createBrowser(running)
    const answers = await Promise.all(
      [
        authorization({ client_id: 'nobody' }),
        '/identity/nothing',
        '/identity/session/end/confirm',
        '/elsewhere',
      ].map((path) => browser.request(path)),
    )
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.headers.get('content-type')).toContain('text/html')
      expect(await answer.text()).not.toMatch(/node_modules|at .*\.js/)
    }
  })
})

describe('test accounts', () => {
  const name = 'home-clinician~Practitioner/abc-1~lakeside'

  test('are refused without the flag', async () => {
    const { response } = await createBrowser(running).signIn(name)
    expect(response.status).toBe(401)
  })

  test('carry role, person and organisation with the flag, and end with it', async () => {
    const testing = await startIdentity({ OPENWARD_TEST_ACCOUNTS: '1' })
    const tokens = await tokensFor(testing, createBrowser(testing), name)
    expect(decodeJwt(String(tokens['access_token']))).toMatchObject({
      roles: ['home-clinician'],
      fhirUser: 'Practitioner/abc-1',
      organization: 'lakeside',
      preferred_username: name,
    })
    await testing.close()
    const plain = await startIdentity({}, testing.dataFolder)
    expect((await refresh(plain, tokens['refresh_token'])).status).toBe(400)
    await plain.close()
    removeFolder(testing.dataFolder)
  })

  test.each([
    'king~Patient/a~openward',
    'patient~Patient/a b~openward',
    'patient~Observation/a~openward',
    'patient~Patient/a~open ward',
    'patient~Patient/a',
    'patient~Patient/../x~openward',
  ])('of the wrong form (%s) are refused even with the flag', async (username) => {
    const testing = await startIdentity({ OPENWARD_TEST_ACCOUNTS: '1' }, undefined)
    expect((await createBrowser(testing).signIn(username)).response.status).toBe(401)
    await testing.close()
    removeFolder(testing.dataFolder)
  })
})

describe('the data folder', () => {
  test('links.json ties a person to another record from the next token on, and a broken one changes nothing', async () => {
    const fhirUser = async () => {
      const tokens = await tokensFor(running, createBrowser(running), 'patient2')
      return decodeJwt(String(tokens['access_token']))['fhirUser']
    }
    const path = join(running.dataFolder, 'links.json')
    writeFileSync(
      path,
      JSON.stringify({ patient2: { fhirUser: 'Patient/imported' }, patient: { fhirUser: 'x' } }),
    )
    expect(await fhirUser()).toBe('Patient/imported')
    writeFileSync(path, '{"patient2": ')
    expect(await fhirUser()).toBe('Patient/imported')
  })

  test('keeps keys and grants from other users of the machine', () => {
    for (const file of ['identity-keys.json', 'identity.sqlite', 'identity.sqlite-wal']) {
      expect(statSync(join(running.dataFolder, file)).mode & 0o077).toBe(0)
    }
  })
})

test('a caller cannot choose the host that appears in answers', async () => {
  const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  const response = await fetch(`${running.origin}/identity/.well-known/openid-configuration`, { headers })
  expect(JSON.stringify(await response.json())).not.toContain('evil.example')
  const { path } = await createBrowser(running, headers).visit(
    authorization({ code_challenge: newVerifier().challenge }),
  )
  expect(path).toMatch(/^\/identity\/interaction\//)
})
