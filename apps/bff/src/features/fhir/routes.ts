import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Deps } from '#/lib/deps.ts'
import type { Operation } from '#/lib/operation.ts'
import { openSession } from '#/lib/open-session.ts'
import { notFound } from '#/lib/refusal.ts'
import type { Session } from '#/lib/session.ts'
import { readBody } from './body.ts'
import { parseAddress } from './bundle.ts'
import type { Asked, FhirAnswer, FhirCall, Method, Rest } from './call.ts'
import { auditRefusal, dispatch } from './dispatch.ts'
import { capabilityStatement, operationDefinitions } from './metadata.ts'
import { createSmartConfiguration } from './smart-configuration.ts'

const FHIR_JSON = 'application/fhir+json; charset=utf-8'
const BODY_LIMIT = 1_048_576

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, until the request has been read: a refusal before that is audited too. */
    unread: Session | undefined
  }
}

function addressOf(request: FastifyRequest): Pick<FhirCall, 'path' | 'parameters'> {
  return parseAddress((request.raw.url ?? '').replace(/^\/fhir\/?/, ''), 'url')
}

function methodOf({ method }: FastifyRequest): Method {
  return (method === 'HEAD' ? 'GET' : method) as Method
}

/** As much of the request as can be read from its first line. */
function askedOf(request: FastifyRequest): Asked {
  const method = methodOf(request)
  try {
    return { method, ...addressOf(request) }
  } catch {
    return { method }
  }
}

function callOf(request: FastifyRequest): FhirCall {
  const { path, parameters } = addressOf(request)
  const method = methodOf(request)
  const isSearch = path[1] === '_search'
  const { body, form } = readBody(
    method,
    isSearch,
    request.headers['content-type'],
    request.body as Buffer | undefined,
  )
  return {
    method,
    path,
    parameters: [...parameters, ...form],
    body,
    ifMatch: headerOf(request, 'if-match'),
    ifNoneExist: headerOf(request, 'if-none-exist'),
    idempotencyKey: headerOf(request, 'idempotency-key'),
  }
}

function send(reply: FastifyReply, { status, resource, text, headers }: FhirAnswer): FastifyReply {
  reply.code(status).headers(headers)
  if (text) return reply.type(text.contentType).send(text.content)
  return resource ? reply.type(FHIR_JSON).send(JSON.stringify(resource)) : reply.send()
}

function registerOpenRoutes(
  app: FastifyInstance,
  deps: Deps,
  operations: readonly Operation[],
  baseUrl: string,
): void {
  const capabilities = capabilityStatement(baseUrl, operations)
  const definitions = operationDefinitions(baseUrl, operations)
  const smartConfiguration = createSmartConfiguration(deps.env)
  app.get('/fhir/metadata', async (_request, reply) =>
    reply.type(FHIR_JSON).send(JSON.stringify(capabilities)),
  )
  app.get('/fhir/.well-known/smart-configuration', async (_request, reply) =>
    reply.type('application/json').send(await smartConfiguration()),
  )
  app.get('/fhir/OperationDefinition', async (_request, reply) =>
    reply.type(FHIR_JSON).send(JSON.stringify(definitions)),
  )
  app.get<{ Params: { id: string } }>('/fhir/OperationDefinition/:id', async (request, reply) => {
    const found = operations.find(({ definition }) => definition.id === request.params.id)
    if (!found) throw notFound()
    return reply.type(FHIR_JSON).send(JSON.stringify(found.definition))
  })
}

/** FHIR R4 REST under `/fhir`. */
export function fhirRoutes(deps: Deps, operations: readonly Operation[]) {
  const baseUrl = `${deps.env.PUBLIC_ORIGIN}/fhir`
  return async function register(app: FastifyInstance): Promise<void> {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    )
    app.addHook('onRequest', async (request) => deps.limits.address(request))
    app.addHook('onSend', async (_request, reply) => {
      reply
        .header('cache-control', 'no-store')
        .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    })
    registerOpenRoutes(app, deps, operations, baseUrl)
    app.decorateRequest('unread')
    app.setErrorHandler(async (error, request) => {
      if (request.unread) await auditRefusal(request.unread, askedOf(request), error)
      throw error
    })
    async function onRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      request.unread = await openSession(deps, request, reply)
    }
    async function handler(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const session = request.unread
      if (!session) throw new TypeError('A FHIR request is answered in a session')
      request.unread = undefined
      const charge = () => deps.limits.person(request, session.identity)
      const rest: Rest = { session, operations, seal: deps.seal, baseUrl, charge }
      return send(reply, await dispatch(rest, () => callOf(request), askedOf(request)))
    }
    const route = {
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const,
      bodyLimit: BODY_LIMIT,
      onRequest,
      handler,
    }
    for (const url of ['/fhir', '/fhir/*']) app.route({ ...route, method: [...route.method], url })
  }
}
