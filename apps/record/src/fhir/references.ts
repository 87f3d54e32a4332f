import { isResourceType } from '../definitions/definitions.ts'

export const ID_PATTERN = /^[A-Za-z0-9.-]{1,64}$/

export interface LocalReference {
  type: string
  id: string
}

/**
 * `Patient/1` and `Patient/1/_history/2`, also below our own base URL; undefined for anything else. The port does not
 * count: it may differ at every start, and index rows must come out the same.
 */
export function parseLocalReference(text: string, base: string): LocalReference | undefined {
  const relative = text.startsWith('http') ? belowBase(text, base) : text
  const [type, id, history, version, ...rest] = relative.split('/')
  if (id === undefined || rest.length > 0 || !isResourceType(type) || !ID_PATTERN.test(id)) return undefined
  if (history !== undefined && (history !== '_history' || version === undefined)) return undefined
  return { type, id }
}

function belowBase(url: string, base: string): string {
  const own = `${withoutPort(base)}/`
  const plain = withoutPort(url)
  return plain.startsWith(own) ? plain.slice(own.length) : url
}

function withoutPort(url: string): string {
  return url.replace(/^(https?:\/\/[^/:]+):\d+/, '$1')
}
