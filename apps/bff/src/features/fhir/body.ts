import { parseJson as parseExactly } from '@openward/fhir-client/exact-json'

import { badRequest, Refusal } from '#/lib/refusal.ts'

const DEEPEST = 64
const POLLUTING = '__proto__'

/** JSON without surprises: UTF-8, bounded depth, no key that reaches a prototype. */
function parseJson(bytes: Buffer): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badRequest('The body is not UTF-8')
  }
  let value: unknown
  try {
    value = parseExactly(text)
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1]
    throw badRequest(
      position === undefined
        ? 'The body is not JSON: it ends too early'
        : `The body is not JSON at character ${position}`,
    )
  }
  checkShape(value)
  return value
}

function checkShape(root: unknown): void {
  let level: unknown[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw badRequest(`The body is nested deeper than ${DEEPEST} levels`)
    const objects = level.filter((value) => typeof value === 'object' && value !== null)
    if (objects.some((value) => Object.hasOwn(value as object, POLLUTING)))
      throw badRequest('The body holds a key that is not taken')
    level = objects.flatMap((value) => Object.values(value as object))
  }
}

const JSON_TYPES: ReadonlySet<string> = new Set(['application/fhir+json', 'application/json'])
const PATCH = 'application/json-patch+json'
const FORM = 'application/x-www-form-urlencoded'

type Body = { body: unknown; form: [string, string][] }

/** Reads a body by what the request is; a content type that does not fit is 415. */
export function readBody(
  method: string,
  isSearch: boolean,
  contentType: string | undefined,
  bytes: Buffer | undefined,
): Body {
  if (!bytes || bytes.length === 0 || method === 'GET' || method === 'HEAD')
    return { body: undefined, form: [] }
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  const fits = isSearch ? type === FORM : method === 'PATCH' ? type === PATCH : JSON_TYPES.has(type)
  if (!fits)
    throw new Refusal(
      415,
      'not-supported',
      `This takes ${isSearch ? FORM : method === 'PATCH' ? PATCH : 'application/fhir+json'}`,
    )
  if (isSearch) return { body: undefined, form: [...new URLSearchParams(bytes.toString('utf8'))] }
  return { body: parseJson(bytes), form: [] }
}
