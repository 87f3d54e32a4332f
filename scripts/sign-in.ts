import { createHash, randomBytes } from 'node:crypto'
import { Failure } from './system/failure.ts'

export type Tokens = { accessToken: string; refreshToken: string; idToken: string; expiresIn: number }

export type SignInOptions = {
  /** Where the system runs: `http://localhost:3000`. */
  origin: string
  username: string
  password?: string
  clientId?: string
  signal?: AbortSignal
}

type Cookie = { name: string; value: string; path: string }

const TIMEOUT_MS = 15_000
const MOST_REDIRECTS = 10
const SCOPE = 'openid profile offline_access api://openward/access_as_user'
const BASE_PATHS: Record<string, string> = {
  'patient-access': '/patient',
  'care-management': '/care',
  'home-health': '/home-health',
  outreach: '/outreach',
}

function redirectUri(origin: string, clientId: string): string {
  const basePath = BASE_PATHS[clientId]
  return basePath === undefined ? 'http://127.0.0.1/callback' : `${origin}${basePath}/auth/redirect`
}

/** A browser just clever enough for a sign-in: cookies by path, redirects by hand. */
function createBrowser(origin: string, signal: AbortSignal) {
  const cookies = new Map<string, Cookie>()

  function keep(header: string): void {
    const [pair = '', ...attributes] = header.split(/;\s*/)
    const [name = '', ...rest] = pair.split('=')
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/'
    const value = rest.join('=')
    if (value === '') cookies.delete(`${name} ${path}`)
    else cookies.set(`${name} ${path}`, { name, value, path })
  }

  async function request(url: string, form?: URLSearchParams): Promise<Response> {
    const { pathname } = new URL(url)
    const cookie = [...cookies.values()]
      .filter(({ path }) => pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const headers = { accept: 'text/html', ...(cookie && { cookie }) }
    const init: RequestInit = {
      headers,
      redirect: 'manual',
      signal,
      ...(form && { method: 'POST', body: form }),
    }
    const response = await fetch(url, init).catch((cause: unknown) => {
      throw new Failure(
        `Nothing answers at ${origin}. Start the system with "npm start", or set PORT to where it runs.`,
        { cause },
      )
    })
    response.headers.getSetCookie().forEach(keep)
    return response
  }

  /** Follows redirects until a page answers or the way leads to `target`. */
  async function visit(
    url: string,
    target: string,
    form?: URLSearchParams,
  ): Promise<{ url: URL; response: Response }> {
    let current = new URL(url)
    let response = await request(current.href, form)
    for (let step = 0; step < MOST_REDIRECTS; step += 1) {
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || !location) return { url: current, response }
      current = new URL(location, current)
      if (`${current.origin}${current.pathname}` === target) return { url: current, response }
      response = await request(current.href)
    }
    throw new Failure('The sign-in went in circles.')
  }
  return { visit }
}

function codeFrom(url: URL, state: string): string {
  const error = url.searchParams.get('error')
  if (error) throw new Failure(`The identity provider refused: ${error}.`)
  const code = url.searchParams.get('code')
  if (!code || url.searchParams.get('state') !== state) throw new Failure('The answer carries no code.')
  return code
}

function refusal(status: number, username: string, origin: string): Failure {
  if (status === 401) return new Failure(`"${username}" cannot sign in: unknown account or wrong password.`)
  if (status === 429) return new Failure(`Too many tries for "${username}". Wait a minute.`)
  return new Failure(
    `${origin}/identity answered ${status} instead of a sign-in page. Is Openward what runs there?`,
  )
}

async function exchange(origin: string, form: URLSearchParams, signal: AbortSignal): Promise<Tokens> {
  const response = await fetch(`${origin}/identity/token`, { method: 'POST', body: form, signal })
  if (!response.ok) throw new Failure(`The token request was refused with ${response.status}.`)
  const body = (await response.json()) as Record<string, unknown>
  return {
    accessToken: String(body['access_token']),
    refreshToken: String(body['refresh_token']),
    idToken: String(body['id_token']),
    expiresIn: Number(body['expires_in']),
  }
}

/**
 * Signs in as a browser would (authorization code with PKCE) and returns the tokens.
 * Throws {@link Failure} when nothing runs at `origin`, or the account or password is not known.
 */
export async function signIn(options: SignInOptions): Promise<Tokens> {
  const { username, password = 'demo', clientId = 'cli' } = options
  const origin = new URL(options.origin).origin
  const signal = options.signal ?? AbortSignal.timeout(TIMEOUT_MS)
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(16).toString('base64url')
  const redirect = redirectUri(origin, clientId)
  const question = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirect,
    response_type: 'code',
    scope: SCOPE,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const browser = createBrowser(origin, signal)
  const page = await browser.visit(`${origin}/identity/auth?${question}`, redirect)
  if (page.response.status !== 200) throw refusal(page.response.status, username, origin)
  const form = new URLSearchParams({ username, password })
  const answer = await browser.visit(page.url.href, redirect, form)
  if (`${answer.url.origin}${answer.url.pathname}` !== redirect) {
    throw refusal(answer.response.status, username, origin)
  }
  const grant = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    code: codeFrom(answer.url, state),
    redirect_uri: redirect,
    code_verifier: verifier,
  })
  return exchange(origin, grant, signal)
}
