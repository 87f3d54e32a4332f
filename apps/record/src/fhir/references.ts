import { isResourceType } from '../definitions/definitions.ts'

export const ID_PATTERN = /^[A-Za-z0-9.-]{1,64}$/

export interface LocalReference {
  type: string
  id: string
}

/** `Patient/1` and `Patient/1/_history/2`, also below one of our own base URLs; undefined for anything else. */
export function parseLocalReference(text: string, base: string): LocalReference | undefined {
  const relative = text.startsWith(base) ? text.slice(base.length + 1) : text
  const [type, id, history, version, ...rest] = relative.split('/')
  if (id === undefined || rest.length > 0 || !isResourceType(type) || !ID_PATTERN.test(id)) return undefined
  if (history !== undefined && (history !== '_history' || version === undefined)) return undefined
  return { type, id }
}
