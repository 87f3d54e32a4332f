import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'

import type { Env } from './env.ts'
import { brandingRoutes } from './features/branding/routes.ts'
import { eventRoutes } from './features/events/routes.ts'
import { fhirRoutes } from './features/fhir/routes.ts'
import { registerGateway } from './features/gateway/gateway.ts'
import { startAuditShipper, type AuditShipper } from './lib/audit-shipper.ts'
import { AuditSpool } from './lib/audit-spool.ts'
import { createCallerCache } from './lib/caller-cache.ts'
import { createChangeFeed } from './lib/change-feed.ts'
import { createCursorSeal } from './lib/cursor.ts'
import type { Deps } from './lib/deps.ts'
import { createFailedSignIns } from './lib/failed-sign-ins.ts'
import { createFhirBases } from './lib/fhir-base.ts'
import { createLimits } from './lib/limits.ts'
import { failureOf, notFound } from './lib/refusal.ts'
import { routeOf } from './lib/route-of.ts'
import { addSecurityHeaders } from './lib/security-headers.ts'
import { createTokenCheck } from './lib/token.ts'
import { OPERATIONS } from './operations.ts'

export type App = { server: FastifyInstance; shipper: AuditShipper; close: () => Promise<void> }

type Options = { env: Env; log: Logger; now?: () => number }

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const { status, headers, outcome } = failureOf(error, request.id)
  if (status === 500) log.error({ err: error, correlationId: request.id }, 'a request failed')
  else if (status > 500)
    log.warn({ err: error, correlationId: request.id }, 'a request could not be answered')
  reply.code(status).headers(headers).header('cache-control', 'no-store')
  reply.type('application/fhir+json; charset=utf-8').send(JSON.stringify(outcome))
}

function addLogging(server: FastifyInstance, log: Logger, prefixes: ReadonlySet<string>): void {
  server.addHook('onResponse', async (request, reply) => {
    const line = {
      correlationId: request.id,
      method: request.method,
      route: routeOf(request.raw.url ?? '', prefixes),
      status: reply.statusCode,
      tookMs: Math.round(reply.elapsedTime),
    }
    log.info(line, 'answered')
  })
}

/** Builds the BFF: gateway, FHIR, health; everything but listening. */
export async function buildApp({ env, log, now = Date.now }: Options): Promise<App> {
  const server: FastifyInstance = Fastify({
    logger: false,
    trustProxy: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: 1_048_576,
    forceCloseConnections: 'idle',
    requestTimeout: 60_000,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 2000 },
    frameworkErrors: (error: FastifyError, request, reply) =>
      answerError(error, request as FastifyRequest, reply as unknown as FastifyReply, log),
  })
  addSecurityHeaders(server, env.PUBLIC_ORIGIN)
  const portals = Object.keys(env.UPSTREAMS).map((prefix) => prefix.slice(1))
  addLogging(server, log, new Set(['', 'health', 'events', ...portals]))
  server.setErrorHandler((error, request, reply) => answerError(error, request, reply, log))
  server.setNotFoundHandler((request, reply) => answerError(notFound(), request, reply, log))
  const bases = createFhirBases(env)
  const spool = new AuditSpool(env.OPENWARD_DATA)
  const deps: Deps = {
    env,
    log,
    now,
    bases,
    spool,
    seal: createCursorSeal(env),
    limits: await createLimits(server, env.RATE_LIMIT_PER_MINUTE),
    failedSignIns: createFailedSignIns(spool, log, now),
    checkToken: createTokenCheck(env.TRUSTED_ISSUERS),
    callerOf: createCallerCache(bases, now),
  }
  server.get('/health/live', async () => ({ status: 'live' }))
  server.get('/health/ready', async (_request, reply) => {
    const isReady = await bases.isReachable()
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: isReady ? 'ready' : 'the record cannot be reached' })
  })
  await server.register(brandingRoutes(deps))
  await server.register(fhirRoutes(deps, OPERATIONS))
  await server.register(eventRoutes(deps, createChangeFeed(bases)))
  await registerGateway(server, env.UPSTREAMS, env.PUBLIC_ORIGIN)
  const shipper = startAuditShipper(spool, bases, log)
  async function close(): Promise<void> {
    await server.close()
    await deps.failedSignIns.stop()
    await shipper.stop()
  }
  return { server, shipper, close }
}
