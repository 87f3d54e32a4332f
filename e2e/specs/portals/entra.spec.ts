import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

import { inheritedEnvironment } from '../../env.ts'
import { expect, test as base } from '../../fixtures.ts'

const TENANT = '11111111-2222-4333-8444-555555555555'
const CLIENT = '99999999-8888-4777-8666-555555555555'
const API = '77777777-6666-4555-8444-333333333333'

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** The same build of the patient portal, started with the settings of Microsoft Entra. */
const test = base.extend<{ entraPortal: string }>({
  entraPortal: async ({}, use) => {
    const port = await freePort()
    const cwd = fileURLToPath(new URL('../../../apps/patient-access', import.meta.url))
    const next = spawn(
      'node',
      ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', `${port}`],
      {
        cwd,
        stdio: 'ignore',
        env: {
          ...inheritedEnvironment(),
          NODE_ENV: 'production',
          AUTH_MODE: 'entra',
          ENTRA_TENANT_ID: TENANT,
          OIDC_CLIENT_ID: CLIENT,
          OIDC_API_SCOPE: `api://${API}/access_as_user`,
        },
      },
    )
    const ended = new Promise((resolve) => next.once('exit', resolve))
    const origin = `http://localhost:${port}`
    await expect
      .poll(
        () =>
          fetch(`${origin}/patient`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(200)
    await use(origin)
    next.kill()
    await ended
  },
})

test('with the settings of Microsoft Entra the same build asks the tenant for a code with PKCE', async ({
  page,
  entraPortal,
}) => {
  const asked: URL[] = []
  await page.context().route('https://login.microsoftonline.com/**', (route) => {
    const url = new URL(route.request().url())
    if (url.pathname.endsWith('/authorize')) {
      asked.push(url)
      return route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>Entra</title><h1>Entra</h1>',
      })
    }
    const base = `https://login.microsoftonline.com/${TENANT}`
    const issuer = `${base}/v2.0`
    if (url.pathname.endsWith('/openid-configuration'))
      return route.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        json: {
          issuer,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          token_endpoint: `${base}/oauth2/v2.0/token`,
          end_session_endpoint: `${base}/oauth2/v2.0/logout`,
          jwks_uri: `${base}/discovery/v2.0/keys`,
        },
      })
    return route.fulfill({
      headers: { 'access-control-allow-origin': '*' },
      json: {
        tenant_discovery_endpoint: `${issuer}/.well-known/openid-configuration`,
        'api-version': '1.1',
        metadata: [
          {
            preferred_network: 'login.microsoftonline.com',
            preferred_cache: 'login.windows.net',
            aliases: ['login.microsoftonline.com'],
          },
        ],
      },
    })
  })
  await page.goto(`${entraPortal}/patient/home`)
  await expect(page.getByRole('heading', { name: 'Entra' })).toBeVisible()
  expect(asked).toHaveLength(1)
  const [url] = asked
  expect(url?.pathname).toBe(`/${TENANT}/oauth2/v2.0/authorize`)
  const query = Object.fromEntries(url?.searchParams ?? [])
  expect(query).toMatchObject({
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: `${entraPortal}/patient/auth/redirect`,
    code_challenge_method: 'S256',
  })
  expect(query['code_challenge']).toMatch(/^[\w-]{43}$/)
  expect(query['scope']?.split(' ')).toContain(`api://${API}/access_as_user`)
})
