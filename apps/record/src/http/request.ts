import type { IncomingMessage } from 'node:http'
import { invalidRequest, Refusal } from '../fhir/outcome.ts'
import type { Interaction } from '../writer/interaction.ts'

export interface Target {
  organization: string
  interaction: Interaction
}

const MAX_BODY_BYTES = 20 * 1024 * 1024
const BODY_PATIENCE_MS = 120_000

const RETURNS = ['minimal', 'representation', 'OperationOutcome'] as const

function preferencesOf(header: string): Set<string> {
  return new Set(header.split(/[,;]/).map((one) => one.replaceAll(/[\s"]/g, '').toLowerCase()))
}

export function readInteraction(request: IncomingMessage): Target {
  const [pathPart, query] = splitOnce(request.url ?? '/')
  const [organization = '', ...path] = pathPart.split('/').slice(1).map(decode)
  if (path.at(-1) === '') path.pop()
  const prefer = preferencesOf(String(request.headers['prefer'] ?? ''))
  return {
    organization,
    interaction: {
      method: request.method ?? 'GET',
      path,
      query,
      body: undefined,
      ifMatch: request.headers['if-match'],
      ifNoneMatch: request.headers['if-none-match'],
      ifNoneExist: one(request.headers['if-none-exist']),
      ifModifiedSince: request.headers['if-modified-since'],
      prefers: RETURNS.find((one) => prefer.has(`return=${one.toLowerCase()}`)),
      isLenient: prefer.has('handling=lenient') && !prefer.has('handling=strict'),
    },
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

const MAX_FORM_BYTES = 1024 * 1024

function tooLarge(limit: number): Refusal {
  return new Refusal(413, 'too-long', `The body may have at most ${limit / 1024 / 1024} MB.`)
}

/** The parameters of a search by POST. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readBody(request, MAX_FORM_BYTES))
}

/** A refused body is still read to its end and thrown away, or the client would never see the answer. */
export async function readBody(request: IncomingMessage, limit = MAX_BODY_BYTES): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const timer = setTimeout(() => {
      reject(new Refusal(408, 'timeout', 'The body took too long to arrive.'))
      request.destroy()
    }, BODY_PATIENCE_MS)
    request.on('close', () => clearTimeout(timer))
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) chunks.push(chunk)
      else {
        chunks.length = 0
        reject(tooLarge(limit))
      }
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', () => reject(invalidRequest('The body ended too early.')))
  })
  try {
    return utf8.decode(bytes)
  } catch {
    throw invalidRequest('The body is not valid UTF-8.')
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw invalidRequest('The URL is not valid.')
  }
}

function splitOnce(url: string): [string, string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
