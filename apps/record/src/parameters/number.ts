import type { Json } from '../fhir/json.ts'
import type { SqlValue } from '../store/database.ts'
import { anyOf, badValue, splitPrefix, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'

export interface NumberTest {
  prefix: string
  value: number
  /** Half of the last digit given: 5.40 means 5.395 up to 5.405. */
  tolerance: number
}

export function indexNumber(p: number, value: Json, rows: IndexRows): void {
  if (typeof value === 'number' && Number.isFinite(value)) rows.num.push([p, value, value, '', ''])
}

export function parseNumberTest(code: string, text: string): NumberTest {
  const { prefix, rest } = splitPrefix(text)
  const match = /^[+-]?\d{1,40}(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(rest)
  const value = Number(rest)
  if (match === null || !Number.isFinite(value)) throw badValue(code, 'number')
  const exponent = Number(match[2] ?? 0) - (match[1]?.length ?? 0)
  return { prefix, value, tolerance: 0.5 * 10 ** exponent }
}

export function compareNumber(test: NumberTest, lo: string, hi: string): { sql: string; args: SqlValue[] } {
  const { value, tolerance } = test
  switch (test.prefix) {
    case 'ne':
      return { sql: `NOT (${lo} >= ? AND ${hi} < ?)`, args: [value - tolerance, value + tolerance] }
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
    case 'ap': {
      const slack = Math.max(Math.abs(value) / 10, tolerance)
      return { sql: `(${lo} <= ? AND ${hi} >= ?)`, args: [value + slack, value - slack] }
    }
    default:
      return { sql: `(${lo} >= ? AND ${hi} < ?)`, args: [value - tolerance, value + tolerance] }
  }
}

export function numberCondition(p: number, code: string, values: string[]): IndexCondition {
  const tests = values.map((value) => parseNumberTest(code, value))
  const build = (alias: string) =>
    anyOf(tests.map((test) => compareNumber(test, `${alias}.lo`, `${alias}.hi`)))
  return {
    table: 'ix_num',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap: false,
    canRepeat: true,
  }
}
