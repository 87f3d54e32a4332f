import { invalidRequest } from '../fhir/outcome.ts'

/** Where the next page begins: the sort keys of the last row and its number, readable only by us. */
export function writeCursor(keys: (string | number)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url')
}

export function readCursor(text: string, length: number): (string | number)[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (Array.isArray(keys) && keys.length === length && keys.every(isKey)) return keys
  } catch {
    // falls through: what cannot be read is refused like what does not fit
  }
  throw invalidRequest('The page link is not valid for this search.', '_cursor')
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}
