import { isObject, type JsonObject } from '../fhir/json.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import type { Interaction } from './interaction.ts'

export interface Entry {
  at: number
  fullUrl: string | undefined
  resource: JsonObject | undefined
  interaction: Interaction
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'])

export function readEntry(value: unknown, at: number, outer: Interaction, base: string): Entry {
  const path = `Bundle.entry[${at}]`
  if (!isObject(value)) throw invalidRequest('An entry must be an object.', path)
  const request = value['request']
  if (!isObject(request)) throw invalidRequest('An entry needs a request.', `${path}.request`)
  const method = request['method']
  const url = request['url']
  if (typeof method !== 'string' || !METHODS.has(method))
    throw invalidRequest(
      'The method is not one of GET, HEAD, POST, PUT, PATCH, DELETE.',
      `${path}.request.method`,
    )
  if (typeof url !== 'string' || url === '' || url.length > 8192)
    throw invalidRequest('The url is missing or too long.', `${path}.request.url`)
  const resource = value['resource']
  const needsResource = method === 'POST' || method === 'PUT' || method === 'PATCH'
  if (needsResource && !isObject(resource))
    throw invalidRequest('The entry needs a resource.', `${path}.resource`)
  const relative = url.startsWith(`${base}/`) ? url.slice(base.length + 1) : url.replace(/^\//, '')
  const [pathPart, query] = splitOnce(relative, '?')
  const fullUrl = value['fullUrl']
  return {
    at,
    fullUrl: typeof fullUrl === 'string' ? fullUrl : undefined,
    resource: isObject(resource) ? resource : undefined,
    interaction: {
      method,
      path: pathPart === '' ? [] : pathPart.split('/').map((part) => decode(part, path)),
      query,
      body: undefined,
      ifMatch: text(request['ifMatch'], `${path}.request.ifMatch`),
      ifNoneMatch: text(request['ifNoneMatch'], `${path}.request.ifNoneMatch`),
      ifNoneExist: text(request['ifNoneExist'], `${path}.request.ifNoneExist`),
      ifModifiedSince: text(request['ifModifiedSince'], `${path}.request.ifModifiedSince`),
      prefers: outer.prefers,
      isLenient: outer.isLenient,
    },
  }
}

function text(value: unknown, path: string): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value === '') throw invalidRequest('This must be a text.', path)
  return value
}

function decode(part: string, path: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw invalidRequest('The url is not valid.', `${path}.request.url`)
  }
}

function splitOnce(value: string, separator: string): [string, string] {
  const at = value.indexOf(separator)
  return at < 0 ? [value, ''] : [value.slice(0, at), value.slice(at + 1)]
}
