import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import type { SqlValue } from '../store/database.ts'
import { anyOf, splitUnescaped, unescape, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'
import { compareNumber, parseNumberTest } from './number.ts'

const FURTHEST = 1e300

export function indexQuantity(p: number, value: Json, rows: IndexRows): void {
  if (!isObject(value)) return
  if (value['low'] !== undefined || value['high'] !== undefined) {
    const low = isObject(value['low']) ? value['low'] : undefined
    const high = isObject(value['high']) ? value['high'] : undefined
    pushUnits(p, numberOf(low) ?? -FURTHEST, numberOf(high) ?? FURTHEST, low ?? high ?? {}, rows)
    return
  }
  const number = numberOf(value)
  if (number !== undefined) pushUnits(p, number, number, value, rows)
}

function numberOf(quantity: JsonObject | undefined): number | undefined {
  const value = quantity?.['value']
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** One row by code and, when it is worded otherwise, one by the unit that people read. */
function pushUnits(p: number, lo: number, hi: number, quantity: JsonObject, rows: IndexRows): void {
  const system = typeof quantity['system'] === 'string' ? quantity['system'] : ''
  const code = typeof quantity['code'] === 'string' ? quantity['code'] : quantity['currency']
  const unit = quantity['unit']
  rows.num.push([p, lo, hi, system, typeof code === 'string' ? code : ''])
  if (typeof unit === 'string' && unit !== code) rows.num.push([p, lo, hi, '', unit])
}

/** `5.4`, `5.4||mg` (code or unit), `5.4|http://unitsofmeasure.org|mg`. */
export function quantityCondition(p: number, code: string, values: string[]): IndexCondition {
  const build = (alias: string) =>
    anyOf(
      values.map((value) =>
        matchQuantity(code, value, {
          lo: `${alias}.lo`,
          hi: `${alias}.hi`,
          s: `${alias}.s`,
          c: `${alias}.c`,
        }),
      ),
    )
  return {
    table: 'ix_num',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap: false,
    canRepeat: true,
  }
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
