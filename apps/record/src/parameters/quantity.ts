import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import type { SqlValue } from '../store/database.ts'
import { anyOf, splitUnescaped, unescape, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'
import { compareNumber, extentOf, onNumbers, parseNumberTest } from './number.ts'

/** The system of the codes of money. */
const CURRENCIES = 'urn:iso:std:iso:4217'

export function indexQuantity(p: number, value: Json, rows: IndexRows): void {
  const extent = isObject(value) ? extentOf(value) : undefined
  if (extent === undefined || !isObject(value)) return
  const unit = [value['low'], value['high']].find(isObject) ?? value
  pushUnits(p, extent.lo, extent.hi, unit, rows)
}

/** One row by code and, when it is worded otherwise, one by the unit that people read. */
function pushUnits(p: number, lo: number, hi: number, quantity: JsonObject, rows: IndexRows): void {
  const { system, code, unit, currency } = quantity
  if (typeof currency === 'string') {
    rows.num.push([p, lo, hi, CURRENCIES, currency])
    return
  }
  rows.num.push([p, lo, hi, typeof system === 'string' ? system : '', typeof code === 'string' ? code : ''])
  if (typeof unit === 'string' && unit !== code) rows.num.push([p, lo, hi, '', unit])
}

/** `5.4`, `5.4||mg` (code or unit), `5.4|http://unitsofmeasure.org|mg`. */
export function quantityCondition(p: number, code: string, values: string[]): IndexCondition {
  return onNumbers(p, (alias) =>
    anyOf(
      values.map((value) =>
        matchQuantity(code, value, {
          lo: `${alias}.lo`,
          hi: `${alias}.hi`,
          s: `${alias}.s`,
          c: `${alias}.c`,
        }),
      ),
    ),
  )
}

/** One quantity in the columns of an index. */
export function matchQuantity(
  code: string,
  value: string,
  columns: { lo: string; hi: string; s: string; c: string },
): { sql: string; args: SqlValue[] } {
  const [number, system, unit] = splitUnescaped(value, '|').map(unescape)
  const amount = compareNumber(parseNumberTest(code, number ?? ''), columns.lo, columns.hi)
  const parts = [amount]
  if (system !== undefined && system !== '') parts.push({ sql: `${columns.s} = ?`, args: [system] })
  if (unit !== undefined && unit !== '') parts.push({ sql: `${columns.c} = ?`, args: [unit] })
  return { sql: `(${parts.map((part) => part.sql).join(' AND ')})`, args: parts.flatMap((part) => part.args) }
}
