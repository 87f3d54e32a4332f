import { definitions } from '../definitions/definitions.ts'
import { BEGINNING } from '../fhir/dates.ts'
import type { SqlPart } from '../parameters/condition.ts'
import type { SqlValue } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { tableOf } from './numbers.ts'
import type { Plan } from './plan.ts'
import type { SortKey } from './request.ts'

interface SortColumn extends SqlPart {
  isDescending: boolean
  join: SqlPart | undefined
  needsResource: boolean
}

const AFTER_ALL_TEXT = '\u{10FFFF}'

/** What a resource is sorted by under one key, least value first. */
export function sortColumn(store: Store, plan: Plan, sort: SortKey, key: string, at: number): SortColumn {
  const base = { isDescending: sort.isDescending, join: undefined, needsResource: false, args: [] }
  if (sort.param === undefined) {
    return {
      ...base,
      sql: sort.code === '_id' ? 'res.id' : 'res.upd',
      needsResource: plan.driver !== undefined,
    }
  }
  if (plan.walksDatesOf === sort.code) return { ...base, sql: 'x.lo' }
  if (plan.isDateWalk && definitions.primaryDates[plan.type] === sort.code) return { ...base, sql: 'x.d' }
  const { table, p } = tableOf(store, plan.type, sort.code)
  const missing: SqlValue = sort.isDescending ? '' : AFTER_ALL_TEXT
  switch (table) {
    case 'ix_date':
      return {
        ...base,
        sql: `coalesce((SELECT min(o.lo) FROM ix_date o WHERE o.r = ${key} AND o.p = ?), ${BEGINNING})`,
        args: [p],
      }
    case 'ix_str':
      return {
        ...base,
        sql: `coalesce((SELECT min(o.v) FROM ix_str o WHERE o.r = ${key} AND o.p = ?), ?)`,
        args: [p, missing],
      }
    case 'ix_ref':
      return {
        ...base,
        sql: `coalesce((SELECT min(o.i) FROM ix_ref o WHERE o.r = ${key} AND o.p = ?), ?)`,
        args: [p, missing],
      }
    default: {
      const value = table === 'ix_num' ? 'lo' : 'v'
      const join = {
        sql: `LEFT JOIN (SELECT r, min(${value}) AS v FROM ${table} WHERE p = ? GROUP BY r) o${at} ON o${at}.r = ${key}`,
        args: [p],
      }
      const ifMissing: SqlValue = table === 'ix_num' ? (sort.isDescending ? -1e308 : 1e308) : missing
      return { ...base, sql: `coalesce(o${at}.v, ?)`, args: [ifMissing], join }
    }
  }
}

/** Where all keys are equal, the order of storing decides, so that every order is complete. */
export function lastKeyOrder(columns: SortColumn[]): string {
  return columns[0]?.isDescending === true ? 'pk DESC' : 'pk'
}

/** Rows after the cursor in the order of the keys: (k0 after a) or (k0 = a and (k1 after b or …)). */
export function afterCursor(columns: SortColumn[], cursor: (string | number)[]): SqlPart {
  const isLastDescending = columns[0]?.isDescending === true
  let sql = `pk ${isLastDescending ? '<' : '>'} ?`
  let args: SqlValue[] = [cursor[columns.length] ?? 0]
  for (let at = columns.length - 1; at >= 0; at--) {
    const value = cursor[at] ?? 0
    sql = `k${at} ${columns[at]?.isDescending === true ? '<' : '>'} ? OR (k${at} = ? AND (${sql}))`
    args = [value, value, ...args]
  }
  const first = columns[0]
  if (first === undefined) return { sql, args }
  // The bound on the first key alone is what an index can walk from.
  return { sql: `k0 ${first.isDescending ? '<=' : '>='} ? AND (${sql})`, args: [cursor[0] ?? 0, ...args] }
}
