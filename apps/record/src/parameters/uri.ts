import type { Json } from '../fhir/json.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { anyOf, inList, unescape, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'

export function indexUri(p: number, value: Json, rows: IndexRows): void {
  if (typeof value === 'string' && value !== '') rows.uri.push([p, value])
}

const MAX_ABOVE = 2000

/**
 * The same URI; `:below` what begins with it, `:above` what it begins with. Both are for URLs: of a URN only itself is
 * found.
 */
export function uriCondition(p: number, values: string[], modifier: string | undefined): IndexCondition {
  const uris = values.map(unescape)
  if (modifier === 'above' && uris.join('').length > MAX_ABOVE)
    throw invalidRequest(`The values of one ":above" may have at most ${MAX_ABOVE} characters together.`)
  const [urns, urls] =
    modifier === undefined ? [uris, []] : [uris.filter(isUrn), uris.filter((uri) => !isUrn(uri))]
  const build = (alias: string) => {
    const same = inList(`${alias}.v`, [...urns, ...(modifier === 'above' ? urls.flatMap(beginningsOf) : [])])
    if (modifier !== 'below' || urls.length === 0) return same
    const below = urls.map((uri) => ({
      sql: `(${alias}.v >= ? AND ${alias}.v < ?)`,
      args: [uri, `${uri}\u{10FFFF}`],
    }))
    return anyOf(urns.length === 0 ? below : [same, ...below])
  }
  return {
    table: 'ix_uri',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap: modifier !== 'below',
    canRepeat: true,
  }
}

function isUrn(uri: string): boolean {
  return uri.startsWith('urn:')
}

function beginningsOf(uri: string): string[] {
  return Array.from({ length: uri.length }, (_one, at) => uri.slice(0, at + 1))
}
