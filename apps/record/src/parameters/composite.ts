import type { Composite } from '../definitions/definitions.ts'
import type { JsonObject } from '../fhir/json.ts'
import { anyOf, badValue, inList, splitUnescaped, type IndexCondition, type SqlPart } from './condition.ts'
import { noIndexRows, type IndexRows, type PairRow } from './index-rows.ts'
import { compareNumber, indexNumber, parseNumberTest } from './number.ts'
import { indexQuantity, matchQuantity } from './quantity.ts'
import { indexReference, parseReference } from './reference.ts'
import { indexToken, matchToken, parseToken } from './token.ts'
import { valuesAt } from './walk.ts'

/** What stands beside the first value of an element in a row: w, z, lo, hi. */
type Beside = [string, string, number, number]

/**
 * One row for each combination of values within one element. Only elements that repeat have rows: where there is but one
 * element, asking for each value by itself is the same.
 */
export function indexComposite(
  p: number,
  composite: Composite,
  resource: JsonObject,
  base: string,
  rows: IndexRows,
): void {
  if (composite.elements === undefined) return
  for (const element of valuesAt(resource, composite.elements.steps)) {
    const found = composite.elements.values.map(({ paths, ofResource }, at) => {
      const own = noIndexRows()
      const from = ofResource === true ? resource : (element as JsonObject)
      for (const path of paths)
        for (const value of valuesAt(from, path.steps)) {
          const type = composite.components[at]?.type
          if (type === 'token') indexToken(p, value, path.type, own)
          else if (type === 'quantity') indexQuantity(p, value, own)
          else if (type === 'reference') indexReference(p, value, base, own)
          else if (type === 'number') indexNumber(p, value, own)
        }
      return own
    })
    const [first, ...rest] = found
    for (const [, v, s] of first?.tok ?? [])
      for (const beside of besides(rest)) rows.pair.push([p, v, s, ...beside] satisfies PairRow)
  }
}

function besides([second, third]: IndexRows[]): Beside[] {
  if (second === undefined) return []
  if (third !== undefined)
    return second.num.flatMap(([, lo]) => third.num.map(([, hi]): Beside => ['', '', lo, hi]))
  return [
    ...second.tok.map(([, v, s]): Beside => [v, s, 0, 0]),
    ...second.ref.map(([, i, t]): Beside => [i, t, 0, 0]),
    ...second.num.map(([, lo, hi, s, c]): Beside => [c, s, lo, hi]),
  ]
}

/** `a$b` → its values, as many as the parameter has components. */
export function splitComposite(code: string, composite: Composite, value: string): string[] {
  const parts = splitUnescaped(value, '$')
  if (parts.length !== composite.components.length || parts.includes(''))
    throw badValue(code, `combination (${composite.components.map((one) => one.code).join('$')})`)
  return parts
}

/** The rows of repeating elements, kept under parameter number `p`, in which all values stand together. */
export function pairCondition(
  p: number,
  code: string,
  composite: Composite,
  values: string[],
  base: string,
): IndexCondition {
  const split = values.map((value) => splitComposite(code, composite, value))
  const firsts = split.map(([first]) => parseToken(first ?? '').code)
  const codes = firsts.filter((one) => one !== undefined)
  const isProbeCheap = codes.length === firsts.length
  const build = (alias: string): SqlPart => {
    const exact = anyOf(split.map((parts) => matchRow(alias, code, composite, parts, base)))
    const narrow = isProbeCheap ? inList(`${alias}.v`, codes) : { sql: '1', args: [] }
    return { sql: `${narrow.sql} AND ${exact.sql}`, args: [...narrow.args, ...exact.args] }
  }
  return {
    table: 'ix_pair',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap,
    canRepeat: true,
  }
}

function matchRow(
  alias: string,
  code: string,
  composite: Composite,
  [first = '', ...rest]: string[],
  base: string,
): SqlPart {
  const others = rest.map((value, at): SqlPart => {
    switch (composite.components[at + 1]?.type) {
      case 'token':
        return matchToken(parseToken(value), `${alias}.w`, `${alias}.z`)
      case 'quantity':
        return matchQuantity(code, value, {
          lo: `${alias}.lo`,
          hi: `${alias}.hi`,
          s: `${alias}.z`,
          c: `${alias}.w`,
        })
      case 'reference': {
        const { id, type } = parseReference(code, value, undefined, base)
        return matchToken({ code: id, system: type }, `${alias}.w`, `${alias}.z`)
      }
      default: {
        const column = rest.length === 1 || at === 0 ? `${alias}.lo` : `${alias}.hi`
        return compareNumber(parseNumberTest(code, value), column, column)
      }
    }
  })
  const parts = [matchToken(parseToken(first), `${alias}.v`, `${alias}.s`), ...others]
  return { sql: `(${parts.map((part) => part.sql).join(' AND ')})`, args: parts.flatMap((part) => part.args) }
}
