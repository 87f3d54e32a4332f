import type { FastifyInstance } from 'fastify'

const PERMISSIONS = 'camera=(), display-capture=(), geolocation=(self), microphone=(), payment=(), usb=()'
/** MSAL's redirect page talks to the window that opened it. */
const REDIRECT_PAGE = /^\/[a-z-]+\/auth\/redirect(?:[/?]|$)/

/** Scripts, styles and fonts of a build: not documents, so what is said to documents only costs bytes on each of them. */
const STATIC_FILE = /^\/[a-z-]+\/_next\/static\/[^?]*\.(?:js|css|woff2)(?:\?|$)/

/** Headers that every answer carries, the portals' pages included. Portals set their own content security policy. */
export function addSecurityHeaders(app: FastifyInstance, publicOrigin: string): void {
  const isHttps = publicOrigin.startsWith('https:')
  app.addHook('onSend', async (request, reply) => {
    const { url } = request.raw
    reply.header('x-correlation-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('cross-origin-resource-policy', 'same-origin')
    reply.removeHeader('x-powered-by')
    if (isHttps) reply.header('strict-transport-security', 'max-age=63072000; includeSubDomains')
    if (STATIC_FILE.test(url ?? '') && reply.statusCode < 300) return
    reply.header('permissions-policy', PERMISSIONS)
    if (!reply.hasHeader('referrer-policy'))
      reply.header('referrer-policy', 'strict-origin-when-cross-origin')
    if (!REDIRECT_PAGE.test(url ?? '')) reply.header('cross-origin-opener-policy', 'same-origin')
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', "default-src 'none'; style-src 'self'; frame-ancestors 'self'")
    }
  })
}
