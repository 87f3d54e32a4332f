import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Deps } from '#/lib/deps.ts'
import type { Operation } from '#/lib/operation.ts'
import { openSession } from '#/lib/open-session.ts'
import { notFound } from '#/lib/refusal.ts'
import { readBody } from './body.ts'
import { parseAddress } from './bundle.ts'
import type { FhirAnswer, FhirCall, Method, Rest } from './call.ts'
import { dispatch } from './dispatch.ts'
import { capabilityStatement, operationDefinitions } from './metadata.ts'
import { createSmartConfiguration } from './smart-configuration.ts'

const FHIR_JSON = 'application/fhir+json; charset=utf-8'
const BODY_LIMIT = 1_048_576

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function callOf(request: FastifyRequest): FhirCall {
  const address = (request.raw.url ?? '').replace(/^\/fhir\/?/, '')
  const { path, parameters } = parseAddress(address, 'url')
  const method = (request.method === 'HEAD' ? 'GET' : request.method) as Method
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
    async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const session = await openSession(deps, request, reply)
      const rest: Rest = { session, operations, seal: deps.seal, baseUrl }
      return send(reply, await dispatch(rest, callOf(request)))
    }
    const method = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
    app.route({ method: [...method], url: '/fhir', handler: handle, bodyLimit: BODY_LIMIT })
    app.route({ method: [...method], url: '/fhir/*', handler: handle, bodyLimit: BODY_LIMIT })
  }
}
