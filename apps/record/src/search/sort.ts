import { definitions } from '../definitions/definitions.ts'
import { BEGINNING } from '../fhir/dates.ts'
import type { IndexTable, SqlPart } from '../parameters/condition.ts'
import type { SqlValue } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { tableOf } from './numbers.ts'
import type { Plan } from './plan.ts'
import type { SortKey } from './request.ts'
import { offerFirstOf } from './sort-in-body.ts'

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
      needsResource: true,
    }
  }
  if (plan.walksDatesOf === sort.code) return { ...base, sql: 'x.lo' }
  const isPrimary = definitions.primaryDates[plan.type] === sort.code
  // The dates of a walk are the earliest of each resource.
  const isEarliest = !sort.isDescending || sort.param.single === true
  if (plan.isDateWalk && isPrimary && isEarliest) return { ...base, sql: 'x.d' }
  const { table, p } = tableOf(store, plan.type, sort.code)
  const { column, missing } = sortedBy(table, sort.isDescending)
  const value = `${sort.isDescending ? 'max' : 'min'}(o.${column})`
  if (table === 'ix_tok' || table === 'ix_uri') {
    if (!plan.isWide) {
      offerFirstOf(store.db)
      const args = [plan.type, sort.code, sort.isDescending ? 1 : 0, missing]
      return { ...base, sql: 'coalesce(first_of(res.body, ?, ?, ?), ?)', args, needsResource: true }
    }
    const join = {
      sql: `LEFT JOIN (SELECT o.r AS r, ${value} AS v FROM ${table} o WHERE o.p = ? AND o.v <> '' GROUP BY o.r) o${at} ON o${at}.r = ${key}`,
      args: [p],
    }
    return { ...base, sql: `coalesce(o${at}.v, ?)`, args: [missing], join }
  }
  return {
    ...base,
    sql: `coalesce((SELECT ${value} FROM ${table} o WHERE o.r = ${key} AND o.p = ?), ?)`,
    args: [p, missing],
  }
}

/** Of several values the one counts that comes first. What has no date counts as earliest; what has no other value comes last. */
function sortedBy(table: IndexTable, isDescending: boolean): { column: string; missing: SqlValue } {
  switch (table) {
    case 'ix_date':
      return { column: 'lo', missing: BEGINNING }
    case 'ix_num':
      return { column: 'lo', missing: isDescending ? -1e308 : 1e308 }
    case 'ix_ref':
      return { column: 'i', missing: isDescending ? '' : AFTER_ALL_TEXT }
    default:
      return { column: 'v', missing: isDescending ? '' : AFTER_ALL_TEXT }
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
