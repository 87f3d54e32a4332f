import type { Json } from '../fhir/json.ts'
import { anyOf, inList, unescape, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'

export function indexUri(p: number, value: Json, rows: IndexRows): void {
  if (typeof value === 'string' && value !== '') rows.uri.push([p, value])
}

/** The same URI; `:below` it and everything beneath; `:above` it and everything that contains it. */
export function uriCondition(p: number, values: string[], modifier: string | undefined): IndexCondition {
  const uris = values.map(unescape)
  const build = (alias: string) => {
    if (modifier === 'below') {
      return anyOf(
        uris.map((uri) => ({ sql: `(${alias}.v >= ? AND ${alias}.v < ?)`, args: [uri, `${uri}\u{10FFFF}`] })),
      )
    }
    return inList(`${alias}.v`, modifier === 'above' ? uris.flatMap(prefixesOf) : uris)
  }
  return {
    table: 'ix_uri',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap: modifier !== 'below',
    canRepeat: true,
  }
}

function prefixesOf(uri: string): string[] {
  const parts = uri.split('/')
  return parts.map((_part, at) => parts.slice(0, at + 1).join('/'))
}
