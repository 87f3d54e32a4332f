import { definitions } from '../definitions/definitions.ts'
import { BEGINNING } from '../fhir/dates.ts'
import type { SqlValue } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { tableOf } from './numbers.ts'
import type { Plan } from './plan.ts'
import type { SearchRequest, SortKey } from './request.ts'

export interface Sql {
  sql: string
  args: SqlValue[]
}

interface SortColumn extends Sql {
  isDescending: boolean
  join: Sql | undefined
  needsResource: boolean
}

const AFTER_ALL_TEXT = '\u{10FFFF}'

/** The page of a search: number, sort keys and body of each match, one more than asked for. */
export function pageSql(store: Store, plan: Plan, request: SearchRequest): Sql {
  const key = keyOf(plan)
  const columns = request.sort.map((sort, at) => sortColumn(store, plan, sort, key, at))
  const names = columns.map((_column, at) => `k${at}`)
  const core = matchSql(store, plan, {
    select: [`${key} AS pk`, ...columns.map((column, at) => `${column.sql} AS k${at}`)].join(', '),
    selectArgs: columns.flatMap((column) => column.args),
    joins: columns.flatMap((column) => (column.join === undefined ? [] : [column.join])),
    needsResource: columns.some((column) => column.needsResource),
  })
  const order = [
    ...columns.map((column, at) => `k${at}${column.isDescending ? ' DESC' : ''}`),
    lastKeyOrder(columns),
  ]
  const after = request.cursor === undefined ? undefined : afterCursor(columns, request.cursor)
  // The date walk is one index read backwards or forwards: no sort, and it stops at the limit.
  const matches =
    after === undefined
      ? `${core.sql} ORDER BY ${order.join(', ')} LIMIT ?`
      : `SELECT * FROM (${core.sql}) WHERE ${after.sql} ORDER BY ${order.join(', ')} LIMIT ?`
  return {
    sql: `SELECT m.pk AS pk, b.body AS body${names.map((name) => `, m.${name} AS ${name}`).join('')} FROM (${matches}) m CROSS JOIN res b ON b.pk = m.pk`,
    args: [...core.args, ...(after?.args ?? []), request.count + 1],
  }
}

export function countSql(store: Store, plan: Plan): Sql {
  const core = matchSql(store, plan, {
    select: `${keyOf(plan)} AS pk`,
    selectArgs: [],
    joins: [],
    needsResource: false,
  })
  return { sql: `SELECT count(*) AS n FROM (${core.sql})`, args: core.args }
}

/** The numbers of all matches, to stand inside another query. */
export function nestedSql(store: Store, plan: Plan): Sql {
  return matchSql(store, plan, { select: keyOf(plan), selectArgs: [], joins: [], needsResource: false })
}

function keyOf(plan: Plan): string {
  return plan.driver === undefined ? 'res.pk' : 'x.r'
}

function matchSql(
  _store: Store,
  plan: Plan,
  output: { select: string; selectArgs: SqlValue[]; joins: Sql[]; needsResource: boolean },
): Sql {
  const key = keyOf(plan)
  const conditions: string[] = []
  const args: SqlValue[] = [...output.selectArgs]
  for (const join of output.joins) args.push(...join.args)
  const needsResource = output.needsResource || plan.columns.some((column) => column.needsResource)
  let from: string
  let distinct = ''
  if (plan.driver === undefined) {
    from = 'res'
    conditions.push('res.rt = ? AND res.del = 0')
    args.push(plan.type)
  } else {
    from = `${plan.driver.table} x${needsResource ? ' CROSS JOIN res ON res.pk = x.r' : ''}`
    conditions.push(plan.driver.where('x'))
    args.push(...plan.driver.args)
    if (plan.driver.canRepeat) distinct = 'DISTINCT '
  }
  for (const column of plan.columns) {
    conditions.push(column.sql(key))
    args.push(...column.args)
  }
  for (const probe of plan.probes) {
    conditions.push(
      probe.isProbeCheap
        ? `EXISTS (SELECT 1 FROM ${probe.table} y WHERE ${probe.where('y')} AND y.r = ${key})`
        : `${key} IN (SELECT y.r FROM ${probe.table} y WHERE ${probe.where('y')})`,
    )
    args.push(...probe.args)
  }
  const joins = output.joins.map((join) => ` ${join.sql}`).join('')
  return {
    sql: `SELECT ${distinct}${output.select} FROM ${from}${joins} WHERE ${conditions.join(' AND ')}`,
    args,
  }
}

function sortColumn(store: Store, plan: Plan, sort: SortKey, key: string, at: number): SortColumn {
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

function lastKeyOrder(columns: SortColumn[]): string {
  return columns[0]?.isDescending === true ? 'pk DESC' : 'pk'
}

/** Rows after the cursor in the order of the keys: (k0 after a) or (k0 = a and (k1 after b or …)). */
function afterCursor(columns: SortColumn[], cursor: (string | number)[]): Sql {
  const isLastDescending = columns[0]?.isDescending === true
  let sql = `pk ${isLastDescending ? '<' : '>'} ?`
  let args: SqlValue[] = [cursor[columns.length] ?? 0]
  for (let at = columns.length - 1; at >= 0; at--) {
    const value = cursor[at] ?? 0
    sql = `k${at} ${columns[at]?.isDescending === true ? '<' : '>'} ? OR (k${at} = ? AND (${sql}))`
    args = [value, value, ...args]
  }
  return { sql: `(${sql})`, args }
}
