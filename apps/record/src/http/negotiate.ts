import { isResourceType } from '../definitions/definitions.ts'
import { Refusal } from '../fhir/outcome.ts'

const READS = ['GET', 'HEAD']
const JSON_TYPES = new Set(['application/fhir+json', 'application/json'])
const PATCH_TYPES = new Set([...JSON_TYPES, 'application/json-patch+json'])
const FORM = 'application/x-www-form-urlencoded'
const FORMATS = new Set([...JSON_TYPES, 'json'])
const ACCEPTED = new Set([...JSON_TYPES, 'application/*', '*/*'])

/** Refuses (405, with Allow) a method that the path does not have. */
export function requireMethod(method: string, path: readonly string[]): void {
  const allowed = methodsOf(path)
  if (allowed.includes(method)) return
  const refusal = new Refusal(405, 'not-supported', `This takes ${allowed.join(', ')}.`)
  refusal.headers['allow'] = allowed.join(', ')
  throw refusal
}

function methodsOf(path: readonly string[]): string[] {
  const [first, second, third] = path
  if (first === undefined) return [...READS, 'POST']
  if (first === 'metadata' || first === '_history') return READS
  if (path.at(-1) === '_search') return ['POST']
  if (!isResourceType(first)) throw new Refusal(404, 'not-supported', 'There is no such resource type.')
  if (second === undefined) return [...READS, 'POST', 'PUT', 'PATCH', 'DELETE']
  if (second === '_history') return READS
  if (third === undefined) return [...READS, 'PUT', 'PATCH', 'DELETE']
  return READS
}

/** Refuses (415) a body that is neither JSON nor what the request takes; a body without a type is read as JSON. */
export function requireBodyType(
  method: string,
  path: readonly string[],
  contentType: string | undefined,
): void {
  if (contentType === undefined) return
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters
    .find((one) => one.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '')
  const takes = path.at(-1) === '_search' ? new Set([FORM]) : method === 'PATCH' ? PATCH_TYPES : JSON_TYPES
  if (takes.has(type) && (charset === undefined || charset === 'utf-8' || charset === 'utf8')) return
  const xml = type.includes('xml') ? ' XML is not supported.' : ''
  throw new Refusal(415, 'not-supported', `This takes ${[...takes].join(' or ')}, in UTF-8.${xml}`)
}

/** Refuses (406) an answer that is not JSON; `_format` stands above Accept. */
export function requireJsonWanted(query: string, accept: string | undefined): void {
  const format = query.includes('_format') ? new URLSearchParams(query).get('_format') : null
  const isWanted =
    format === null
      ? isAccepted(accept)
      : FORMATS.has(format.replaceAll(' ', '+').split(';')[0]?.trim() ?? '')
  if (!isWanted) throw new Refusal(406, 'not-supported', 'The record answers in application/fhir+json only.')
}

function isAccepted(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true
  return accept.split(',').some((one) => {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase())
    return ACCEPTED.has(type) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}
