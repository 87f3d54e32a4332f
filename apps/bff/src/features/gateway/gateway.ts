import proxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'

const LONGEST_ANSWER_MS = 60_000
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>This part is not running</title>
<h1>This part of Openward is not running right now</h1>
<p>Nothing is lost. Wait a minute and load the page again; if it stays like this, tell the people who run Openward.</p>
<p>Number of this message: `

type Headers = Record<string, string | string[] | undefined>

/** The public address is what the install says, whatever the request claims. */
function forwardedHeaders(publicOrigin: URL, headers: Headers, ip: string, correlationId: string): Headers {
  const { forwarded: _forwarded, 'x-real-ip': _realIp, 'x-forwarded-port': _port, ...kept } = headers
  return {
    ...kept,
    host: publicOrigin.host,
    'x-forwarded-host': publicOrigin.host,
    'x-forwarded-proto': publicOrigin.protocol.slice(0, -1),
    'x-forwarded-for': ip,
    'x-correlation-id': correlationId,
  }
}

function pageFor(correlationId: string): string {
  return `${PAGE}<code>${correlationId}</code></p>\n</html>\n`
}

/** Passes each prefix on to its own process: pages stream, bodies are not read, websockets go through. */
export async function registerGateway(
  app: FastifyInstance,
  upstreams: Readonly<Record<string, string>>,
  origin: string,
): Promise<void> {
  const publicOrigin = new URL(origin)
  app.get('/', async (_request, reply) => reply.redirect('/patient'))
  await app.register(async (scope) => {
    // The proxy passes bodies through but for this type, which the server would read as a whole.
    scope.removeContentTypeParser('text/plain')
    await registerUpstreams(scope, upstreams, publicOrigin)
  })
}

async function registerUpstreams(
  app: FastifyInstance,
  upstreams: Readonly<Record<string, string>>,
  publicOrigin: URL,
): Promise<void> {
  for (const [prefix, upstream] of Object.entries(upstreams)) {
    await app.register(proxy, {
      upstream,
      prefix,
      rewritePrefix: prefix,
      websocket: true,
      http2: false,
      disableRequestLogging: true,
      undici: { bodyTimeout: LONGEST_ANSWER_MS, headersTimeout: LONGEST_ANSWER_MS, connectTimeout: 5000 },
      replyOptions: {
        rewriteRequestHeaders: (request, headers) =>
          forwardedHeaders(publicOrigin, headers, request?.ip ?? '', request?.id ?? ''),
        onError: (reply) => {
          const { id, log } = reply.request
          log.warn({ correlationId: id, prefix }, 'upstream does not answer')
          reply
            .code(502)
            .header('cache-control', 'no-store')
            .type('text/html; charset=utf-8')
            .send(pageFor(id))
        },
      },
    })
  }
}
