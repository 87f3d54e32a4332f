import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import type { Accounts } from '#/accounts.ts'
import { localeNamed, localeOf, type Locale } from '#/pages/locale.ts'
import { themeOf } from '#/pages/theme.ts'
import { expiredPage, throttledPage } from '#/pages/notices.ts'
import type { Page, PageMaker } from '#/pages/page.ts'
import { signInPage, type SignInError } from '#/pages/sign-in.ts'
import { createThrottle } from '#/throttle.ts'

type Parts = { provider: Provider; accounts: Accounts; pages: PageMaker; mountPath: string; log: Logger }

const MOST_BODY_BYTES = 4_096
const MOST_FIELD_CHARACTERS = 200
const YEAR_SECONDS = 365 * 24 * 60 * 60

/** The form's fields; undefined when the body is not a form of ordinary size. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= MOST_BODY_BYTES) chunks.push(chunk)
  }
  return isForm && bytes <= MOST_BODY_BYTES
    ? new URLSearchParams(Buffer.concat(chunks).toString())
    : undefined
}

function addressOf(request: IncomingMessage): string {
  // the last entry is the one our own gateway wrote
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .at(-1)
    ?.trim()
  return forwarded || (request.socket.remoteAddress ?? '')
}

/** Answers `/interaction/<uid>`: the sign-in page, its form, and its language switch. */
export function createSignIn({ provider, accounts, pages, mountPath, log }: Parts) {
  const throttle = createThrottle()

  function send(
    response: ServerResponse,
    status: number,
    page: Page,
    headers: Record<string, string> = {},
  ): void {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers })
    response.end(pages.render(page, themeOf(response.req)))
  }

  async function find(request: IncomingMessage, response: ServerResponse, uid: string) {
    try {
      const interaction = await provider.interactionDetails(request, response)
      return interaction.uid === uid && interaction.prompt.name === 'login' ? interaction : undefined
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    }
  }

  function switchLanguage(response: ServerResponse, locale: Locale, location: string): void {
    const cookie = `locale=${locale}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`
    response.writeHead(303, { location, 'set-cookie': cookie }).end()
  }

  return async function signIn(
    request: IncomingMessage,
    response: ServerResponse,
    uid: string,
  ): Promise<void> {
    const locale = localeOf(request)
    const isPost = request.method === 'POST'
    const form = isPost ? await readForm(request) : undefined
    const interaction = await find(request, response, uid)
    if (!interaction) return send(response, 404, expiredPage(locale))

    const action = `${mountPath}/interaction/${uid}`
    const chosen = localeNamed(new URL(request.url ?? '/', 'http://local').searchParams.get('locale'))
    if (!isPost && chosen) return switchLanguage(response, chosen, action)

    const clientId = String(interaction.params.client_id)
    const show = (status: number, username: string, error?: SignInError) =>
      send(response, status, signInPage({ locale, clientId, action, username, error }))
    const { login_hint: hint } = interaction.params
    if (!isPost) return show(200, typeof hint === 'string' ? hint.slice(0, MOST_FIELD_CHARACTERS) : '')

    const username = (form?.get('username') ?? '').trim()
    const password = form?.get('password') ?? ''
    if (!username || !password) return show(400, username.slice(0, MOST_FIELD_CHARACTERS), 'missing')
    const key = `${username.toLowerCase().slice(0, MOST_FIELD_CHARACTERS)} ${addressOf(request)}`
    const waitSeconds = throttle.waitSeconds(key)
    if (waitSeconds > 0) {
      log.warn({ event: 'sign-in.throttled', clientId }, 'too many failed sign-ins')
      return send(response, 429, throttledPage(locale, waitSeconds, action), {
        'retry-after': String(waitSeconds),
      })
    }
    const isPlausible = username.length <= MOST_FIELD_CHARACTERS
    const account = isPlausible ? accounts.check(username, password) : undefined
    if (!account) {
      throttle.failed(key)
      log.info({ event: 'sign-in.refused', clientId }, 'wrong username or password')
      return show(401, username.slice(0, MOST_FIELD_CHARACTERS), 'wrong')
    }
    throttle.succeeded(key)
    log.info({ event: 'sign-in.accepted', clientId, roles: account.roles }, 'signed in')
    const login = { accountId: account.sub, remember: false, amr: ['pwd'] }
    await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false })
  }
}
