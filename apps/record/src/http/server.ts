import { hash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { Logger } from 'pino'
import { faultOf } from '../fhir/fault.ts'
import { Refusal, outcomeJson } from '../fhir/outcome.ts'
import type { OperationAnswer } from '../operations/operation.ts'
import { findOperation } from '../operations/table.ts'
import { searchAt } from '../search/search.ts'
import { refusalAnswer } from '../writer/resource-writes.ts'
import { capabilityStatement } from './capability-statement.ts'
import type { Organization } from './organization.ts'
import { requireBodyType, requireJsonWanted, requireMethod } from './negotiate.ts'
import { answerGet } from './read.ts'
import { readBody, readForm, readInteraction, type Target } from './request.ts'

export interface ServerOptions {
  organizations: Map<string, Organization>
  secret: string
  log: Logger
}

const SHORT_TEXT = 4096

export function makeServer(options: ServerOptions): Server {
  const expected = digest(`Bearer ${options.secret}`)
  const server = createServer({ keepAliveTimeout: 65_000, maxHeaderSize: 64 * 1024 }, (request, response) => {
    handle(request, response, options, expected).catch((error: unknown) => {
      request.resume()
      const fault = { status: 500, body: '', fault: faultOf(error) }
      reply(error instanceof Refusal ? refusalAnswer(error) : fault, response, options.log)
    })
  })
  // How long a body may take is bounded where it is read; an import may take longer.
  server.requestTimeout = 0
  return server
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  expected: Buffer,
): Promise<void> {
  if (request.url === '/health') {
    send(response, { status: 200, body: '{"status":"ok"}' }, 'application/json')
    return
  }
  if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
    response.setHeader('www-authenticate', 'Bearer')
    throw new Refusal(401, 'login', 'The record asks for its bearer secret.')
  }
  const target = readInteraction(request)
  const organization = options.organizations.get(target.organization)
  if (organization === undefined) throw new Refusal(404, 'not-found', 'There is no such organisation.')
  reply(await answer(request, target, organization), response, options.log)
}

async function answer(
  request: IncomingMessage,
  target: Target,
  organization: Organization,
): Promise<OperationAnswer> {
  const { interaction } = target
  const { method, path } = interaction
  const { reader } = organization
  const called = findOperation(method === 'HEAD' ? 'GET' : method, path)
  if (called !== undefined) {
    const { operation, type, id } = called
    const isRead = method === 'POST' && operation.readsBodyItself !== true
    if (isRead) requireBodyType(method, path, request.headers['content-type'])
    const body = isRead ? await readBody(request, operation.mostBodyBytes) : undefined
    return operation.run({ organization, interaction: { ...interaction, body }, request, type, id })
  }
  requireMethod(method, path)
  requireJsonWanted(interaction.query, request.headers.accept)
  if (method === 'GET' || method === 'HEAD') {
    if (path[0] === 'metadata' && path.length === 1)
      return { status: 200, body: capabilityStatement(reader.base) }
    return answerGet(reader, interaction)
  }
  if (method !== 'DELETE') requireBodyType(method, path, request.headers['content-type'])
  if (method === 'POST' && path.at(-1) === '_search') {
    const pairs = [...new URLSearchParams(interaction.query), ...(await readForm(request))]
    const found = searchAt(reader, path.slice(0, -1), pairs, interaction.isLenient)
    if (found === undefined) throw new Refusal(404, 'not-supported', 'There is nothing to search there.')
    return { status: 200, body: found }
  }
  const body = method === 'DELETE' ? undefined : await readBody(request)
  return organization.writer.write({ ...interaction, body })
}

function send(
  response: ServerResponse,
  answered: OperationAnswer,
  contentType = answered.contentType ?? 'application/fhir+json; charset=utf-8',
): void {
  if (response.headersSent || response.destroyed) {
    answered.stream?.destroy()
    return
  }
  response.statusCode = answered.status
  if (answered.etag !== undefined) response.setHeader('etag', answered.etag)
  if (answered.lastModifiedMs !== undefined)
    response.setHeader('last-modified', new Date(answered.lastModifiedMs).toUTCString())
  if (answered.location !== undefined) response.setHeader('location', answered.location)
  response.setHeader('cache-control', 'no-store')
  if (answered.status === 503) response.setHeader('retry-after', '5')
  for (const [name, value] of Object.entries(answered.headers ?? {})) response.setHeader(name, value)
  if (answered.stream !== undefined) {
    response.setHeader('content-type', contentType)
    // A client that goes away ends the reading, too; there is nobody left to tell.
    if (response.req.method === 'HEAD') {
      answered.stream.destroy()
      response.end()
    } else pipeline(answered.stream, response, () => undefined)
    return
  }
  if (answered.body === '') {
    response.end()
    return
  }
  response.setHeader('content-type', contentType)
  // A short text leaves together with its head, in one piece; a long one is cheaper as bytes.
  const body = answered.body.length < SHORT_TEXT ? answered.body : Buffer.from(answered.body)
  response.setHeader('content-length', Buffer.byteLength(body))
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

/** The server's own failures get their words here, and a line in the log that holds nothing of the request. */
function reply(answered: OperationAnswer, response: ServerResponse, log: Logger): void {
  if (answered.status < 500 || answered.body !== '') {
    send(response, answered)
    return
  }
  log.error({ status: answered.status, fault: answered.fault }, 'request failed')
  const [code, text] =
    answered.status === 503
      ? ['transient', 'The record cannot store anything now.']
      : ['exception', 'The record could not answer.']
  send(response, {
    status: answered.status,
    body: outcomeJson([{ severity: 'error', code, details: { text } }]),
  })
}
