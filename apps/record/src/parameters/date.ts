import { BEGINNING, END, rangeOfDate, type TimeRange } from '../fhir/dates.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import type { SqlValue } from '../store/database.ts'
import { anyOf, badValue, splitPrefix, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'

export function indexDate(p: number, value: Json, rows: IndexRows): void {
  const range = timeOf(value)
  if (range !== undefined) rows.date.push([p, range.lo, range.hi])
}

function timeOf(value: Json): TimeRange | undefined {
  if (typeof value === 'string') return rangeOfDate(value)
  if (!isObject(value)) return undefined
  if ('event' in value || 'repeat' in value) return timeOfTiming(value)
  const start = typeof value['start'] === 'string' ? rangeOfDate(value['start']) : undefined
  const end = typeof value['end'] === 'string' ? rangeOfDate(value['end']) : undefined
  if (start === undefined && end === undefined) return undefined
  return { lo: start?.lo ?? BEGINNING, hi: end?.hi ?? END }
}

function timeOfTiming(timing: JsonObject): TimeRange | undefined {
  const events = Array.isArray(timing['event']) ? timing['event'].map(timeOf) : []
  const repeat = timing['repeat']
  const bounds =
    isObject(repeat) && repeat['boundsPeriod'] !== undefined ? [timeOf(repeat['boundsPeriod'])] : []
  let outer: TimeRange | undefined
  for (const range of events.concat(bounds)) {
    if (range === undefined) continue
    outer = { lo: Math.min(outer?.lo ?? END, range.lo), hi: Math.max(outer?.hi ?? BEGINNING, range.hi) }
  }
  return outer
}

export interface DateTest {
  prefix: string
  range: TimeRange
}

export function parseDateTest(code: string, value: string): DateTest {
  const { prefix, rest } = splitPrefix(value)
  const range = rangeOfDate(rest.replace(/ (\d\d:\d\d)$/, '+$1'))
  if (range === undefined) throw badValue(code, 'date')
  return { prefix, range }
}

export function dateCondition(p: number, code: string, values: string[], isSingle: boolean): IndexCondition {
  const tests = values.map((value) => parseDateTest(code, value))
  const build = (alias: string) =>
    anyOf(tests.map((test) => compareRange(test, `${alias}.lo`, `${alias}.hi`)))
  return {
    table: 'ix_date',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap: true,
    canRepeat: !isSingle,
  }
}

/** The standard's comparison of two ranges; `ap` reaches a tenth of the distance to now. */
export function compareRange(test: DateTest, lo: string, hi: string): { sql: string; args: SqlValue[] } {
  const { range } = test
  switch (test.prefix) {
    case 'ne':
      return { sql: `NOT (${lo} >= ? AND ${hi} <= ?)`, args: [range.lo, range.hi] }
    case 'gt':
      return { sql: `${hi} > ?`, args: [range.hi] }
    case 'lt':
      return { sql: `${lo} < ?`, args: [range.lo] }
    case 'ge':
      return { sql: `${hi} >= ?`, args: [range.lo] }
    case 'le':
      return { sql: `${lo} <= ?`, args: [range.hi] }
    case 'sa':
      return { sql: `${lo} > ?`, args: [range.hi] }
    case 'eb':
      return { sql: `${hi} < ?`, args: [range.lo] }
    case 'ap': {
      const slack = Math.abs(Date.now() - range.lo) / 10
      return {
        sql: `(${lo} <= ? AND ${hi} >= ?)`,
        args: [Math.ceil(range.hi + slack), Math.floor(range.lo - slack)],
      }
    }
    default:
      return { sql: `(${lo} >= ? AND ${lo} <= ? AND ${hi} <= ?)`, args: [range.lo, range.hi, range.hi] }
  }
}
