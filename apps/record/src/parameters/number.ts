import { isObject, type Json } from '../fhir/json.ts'
import type { SqlValue } from '../store/database.ts'
import { anyOf, badValue, splitPrefix, type IndexCondition, type SqlPart } from './condition.ts'
import type { IndexRows } from './index-rows.ts'

const FURTHEST = 1e300

export interface NumberTest {
  prefix: string
  value: number
  /** What the digits given cover, `to` excluded: 5.40 means 5.395 up to 5.405, 1e2 means 50 up to 150. */
  from: number
  to: number
  /** For `ap`: a tenth of the value on both sides, at least half of the last digit. */
  aboutFrom: number
  aboutTo: number
}

/** A number, a Quantity or a Range as what it covers; undefined when it says no amount. */
export function extentOf(value: Json): { lo: number; hi: number } | undefined {
  const amount = amountOf(value)
  if (amount !== undefined) return { lo: amount, hi: amount }
  if (!isObject(value)) return undefined
  const [lo, hi] = [amountOf(value['low']), amountOf(value['high'])]
  return lo === undefined && hi === undefined ? undefined : { lo: lo ?? -FURTHEST, hi: hi ?? FURTHEST }
}

function amountOf(value: Json | undefined): number | undefined {
  const number = isObject(value) ? value['value'] : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

export function indexNumber(p: number, value: Json, rows: IndexRows): void {
  const extent = extentOf(value)
  if (extent !== undefined) rows.num.push([p, extent.lo, extent.hi, '', ''])
}

export function parseNumberTest(code: string, text: string): NumberTest {
  const { prefix, rest } = splitPrefix(text)
  const match = /^([+-]?\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(rest)
  const value = Number(rest)
  if (match === null || !Number.isFinite(value)) throw badValue(code, 'number')
  const [, whole = '', fraction = '', exponent = '0'] = match
  // In tenths of the last digit, as whole numbers: binary fractions would put 5.395 beside where 5.40 begins.
  const tenths = BigInt(`${whole.replace('+', '')}${fraction}`) * 10n
  const at = (moved: bigint) => Number(`${tenths + moved}e${Number(exponent) - fraction.length - 1}`)
  const tenth = tenths < 0n ? -tenths / 10n : tenths / 10n
  const about = tenth > 5n ? tenth : 5n
  const justAbove = value + (Math.abs(value) * Number.EPSILON || Number.MIN_VALUE)
  return {
    prefix,
    value,
    from: at(-5n),
    to: Math.max(at(5n), justAbove),
    aboutFrom: at(-about),
    aboutTo: at(about),
  }
}

/** The standard's comparison; only `eq`, `ne` and `ap` know how precisely the number was given. */
export function compareNumber(test: NumberTest, lo: string, hi: string): { sql: string; args: SqlValue[] } {
  const { value, from, to } = test
  switch (test.prefix) {
    case 'ne':
      return { sql: `NOT (${lo} >= ? AND ${hi} < ?)`, args: [from, to] }
    case 'gt':
      return { sql: `${hi} > ?`, args: [value] }
    case 'lt':
      return { sql: `${lo} < ?`, args: [value] }
    case 'ge':
      return { sql: `${hi} >= ?`, args: [value] }
    case 'le':
      return { sql: `${lo} <= ?`, args: [value] }
    case 'sa':
      return { sql: `${lo} > ?`, args: [value] }
    case 'eb':
      return { sql: `${hi} < ?`, args: [value] }
    case 'ap':
      return { sql: `(${lo} <= ? AND ${hi} >= ?)`, args: [test.aboutTo, test.aboutFrom] }
    default:
      return { sql: `(${lo} >= ? AND ${lo} < ? AND ${hi} < ?)`, args: [from, to, to] }
  }
}

export function numberCondition(p: number, code: string, values: string[]): IndexCondition {
  const tests = values.map((value) => parseNumberTest(code, value))
  return onNumbers(p, (alias) =>
    anyOf(tests.map((test) => compareNumber(test, `${alias}.lo`, `${alias}.hi`))),
  )
}

/** What `build` asks of the rows of one parameter whose values are numbers. */
export function onNumbers(p: number, build: (alias: string) => SqlPart): IndexCondition {
  return {
    table: 'ix_num',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap: true,
    canRepeat: true,
  }
}
