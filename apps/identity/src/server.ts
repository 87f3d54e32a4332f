import { mkdirSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { createAccounts } from '#/accounts.ts'
import type { Env } from '#/env.ts'
import { loadKeys } from '#/keys.ts'
import { localeOf } from '#/pages/locale.ts'
import { themeOf } from '#/pages/theme.ts'
import { notFoundPage, troublePage } from '#/pages/notices.ts'
import { createPageMaker, font, FONT_PATH, type Page } from '#/pages/page.ts'
import { createProvider } from '#/provider.ts'
import { createSignIn } from '#/sign-in.ts'
import { openStore } from '#/store.ts'

export type Identity = { server: Server; close: () => Promise<void> }

const PRUNE_EVERY_MS = 10 * 60_000
const INTERACTION = /^\/interaction\/([\w-]{1,64})$/

/** The whole provider as an HTTP server that is not listening yet. */
export async function createIdentity(env: Env, log: Logger): Promise<Identity> {
  mkdirSync(env.dataFolder, { recursive: true, mode: 0o700 })
  const issuer = new URL(env.issuer)
  const mountPath = issuer.pathname.replace(/\/$/, '')
  const keys = await loadKeys(env.dataFolder)
  const store = openStore(env.dataFolder)
  const accounts = createAccounts({ ...env, log })
  const pages = createPageMaker(mountPath)
  const provider = createProvider({ env, keys, store, accounts, pages, log })
  const signIn = createSignIn({ provider, accounts, pages, mountPath, log })
  const answerOpenId = provider.callback()

  function send(response: ServerResponse, status: number, page: Page): void {
    response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      .end(pages.render(page, themeOf(response.req)))
  }

  function sendFont(response: ServerResponse): void {
    const headers = { 'content-type': 'font/woff2', 'cache-control': 'public, max-age=31536000, immutable' }
    response.writeHead(200, headers).end(font)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/'
    // who asks sees one address, the issuer's; nothing a caller claims about host or scheme is believed
    request.headers['x-forwarded-host'] = issuer.host
    request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1)
    response.setHeader('content-security-policy', pages.contentSecurityPolicy)
    response.setHeader('cache-control', 'no-store')
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('x-content-type-options', 'nosniff')

    if (!url.startsWith(`${mountPath}/`)) return send(response, 404, notFoundPage(localeOf(request)))
    const inside = url.slice(mountPath.length)
    const path = inside.split('?', 1)[0] ?? ''
    if (path === FONT_PATH) return sendFont(response)
    const uid = INTERACTION.exec(path)?.[1]
    if (uid) return signIn(request, response, uid)
    // oidc-provider finds its mount point by comparing the two
    Object.assign(request, { originalUrl: url, url: inside })
    await answerOpenId(request, response)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'request failed')
      if (response.headersSent) response.destroy()
      else send(response, 500, troublePage(localeOf(request), 'server_error'))
    })
  })
  server.requestTimeout = 15_000
  const timer = setInterval(() => store.prune(), PRUNE_EVERY_MS)

  async function close(): Promise<void> {
    clearInterval(timer)
    server.closeIdleConnections()
    await new Promise((resolve) => server.close(resolve))
    store.close()
  }
  return { server, close }
}
