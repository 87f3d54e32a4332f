import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readEnv } from '#/env.ts'
import { createIdentity } from '#/server.ts'

export const PORTAL_ORIGIN = 'http://localhost:3000'
export const API_SCOPE = 'openid profile offline_access api://openward/access_as_user'

export type Running = { origin: string; issuer: string; dataFolder: string; close: () => Promise<void> }

/** The real provider on a free port with a data folder of its own, or the given one. */
export async function startIdentity(
  settings: Record<string, string> = {},
  dataFolder = mkdtempSync(join(tmpdir(), 'identity-')),
): Promise<Running> {
  const env = { PUBLIC_ORIGIN: PORTAL_ORIGIN, OPENWARD_DATA: dataFolder, IDENTITY_PORT: '0', ...settings }
  const log = pino({ level: 'silent' })
  const { server, close } = await createIdentity(readEnv(env), log)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, issuer: `${PORTAL_ORIGIN}/identity`, dataFolder, close }
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

export function newVerifier() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** The parameters of an ordinary sign-in; a test replaces what it is about, `undefined` leaves one out. */
export function authorization(changes: Record<string, string | undefined> = {}): string {
  const parameters = {
    client_id: 'patient-access',
    redirect_uri: `${PORTAL_ORIGIN}/patient/auth/redirect`,
    response_type: 'code',
    scope: API_SCOPE,
    state: 'state-of-the-portal',
    nonce: 'nonce-of-the-portal',
    code_challenge: newVerifier().challenge,
    code_challenge_method: 'S256',
    ...changes,
  }
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return `/identity/auth?${new URLSearchParams(given)}`
}

export type Browser = ReturnType<typeof createBrowser>

/** Cookies by path and redirects inside the provider followed; a redirect to a portal is where it stops. */
export function createBrowser(running: Running, headers: Record<string, string> = {}) {
  const cookies = new Map<string, { path: string; pair: string }>()

  async function request(path: string, form?: Record<string, string>): Promise<Response> {
    const pathname = path.split('?', 1)[0] ?? ''
    const cookie = [...cookies.values()].filter((one) => pathname.startsWith(one.path)).map((one) => one.pair)
    const response = await fetch(running.origin + path, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: cookie.join('; '), ...headers },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const header of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = header.split('; ')
      const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/'
      const key = `${pair.split('=', 1)[0]} ${path}`
      if (pair.endsWith('=')) cookies.delete(key)
      else cookies.set(key, { path, pair })
    }
    return response
  }

  async function visit(
    path: string,
    form?: Record<string, string>,
  ): Promise<{ path: string; response: Response }> {
    let current = path
    let response = await request(current, form)
    for (let step = 0; step < 10; step += 1) {
      const location = response.headers.get('location')
      if (!location) return { path: current, response }
      const url = new URL(location, PORTAL_ORIGIN)
      if (url.origin !== PORTAL_ORIGIN || !url.pathname.startsWith('/identity/'))
        return { path: url.href, response }
      current = url.pathname + url.search
      response = await request(current)
    }
    throw new Error('redirects without end')
  }

  /** Opens the sign-in page and sends its form; the answer is the page after it, or the address of the portal. */
  async function signIn(
    username: string,
    password = 'demo',
    changes: Record<string, string | undefined> = {},
  ) {
    const page = await visit(authorization(changes))
    return visit(page.path, { username, password })
  }
  return { request, visit, signIn, cookies }
}

export type TokenAnswer = { status: number; body: Record<string, unknown> }

export async function postToken(running: Running, form: Record<string, string>): Promise<TokenAnswer> {
  const response = await fetch(`${running.origin}/identity/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'patient-access', ...form }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

export function redeem(
  running: Running,
  code: string,
  verifier: string | undefined,
  more: Record<string, string> = {},
) {
  return postToken(running, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: `${PORTAL_ORIGIN}/patient/auth/redirect`,
    ...(verifier !== undefined && { code_verifier: verifier }),
    ...more,
  })
}

export function refresh(running: Running, token: unknown, more: Record<string, string> = {}) {
  return postToken(running, { grant_type: 'refresh_token', refresh_token: String(token), ...more })
}

/** A whole sign-in to tokens. */
export async function tokensFor(
  running: Running,
  browser: Browser,
  username: string,
): Promise<TokenAnswer['body']> {
  const { verifier, challenge } = newVerifier()
  const { path } = await browser.signIn(username, 'demo', { code_challenge: challenge })
  const { body } = await redeem(running, new URL(path).searchParams.get('code') ?? '', verifier)
  return body
}
