import type { SqlPart } from '../parameters/condition.ts'
import type { SqlValue } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { probeSql } from './conditions.ts'
import type { Plan } from './plan.ts'
import type { SearchRequest } from './request.ts'
import { afterCursor, lastKeyOrder, sortColumn } from './sort.ts'

/** The page of a search: number and sort keys (`k0`, `k1`, …) of each match, one more than asked for. */
export function keysSql(store: Store, plan: Plan, request: SearchRequest): SqlPart {
  const key = keyOf(plan)
  const columns = request.sort.map((sort, at) => sortColumn(store, plan, sort, key, at))
  const core = matchSql(plan, {
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
  return {
    sql:
      after === undefined
        ? `${core.sql} ORDER BY ${order.join(', ')} LIMIT ?`
        : `SELECT * FROM (${core.sql}) WHERE ${after.sql} ORDER BY ${order.join(', ')} LIMIT ?`,
    args: [...core.args, ...(after?.args ?? []), request.count + 1],
  }
}

/** The page with its bodies, in one statement. */
export function pageSql(store: Store, plan: Plan, request: SearchRequest): SqlPart {
  const keys = keysSql(store, plan, request)
  const names = request.sort.map((_key, at) => `, m.k${at} AS k${at}`)
  return {
    sql: `SELECT m.pk AS pk, b.body AS body${names.join('')} FROM (${keys.sql}) m CROSS JOIN res b ON b.pk = m.pk`,
    args: keys.args,
  }
}

export function countSql(plan: Plan): SqlPart {
  const core = matchSql(plan, {
    select: `${keyOf(plan)} AS pk`,
    selectArgs: [],
    joins: [],
    needsResource: false,
  })
  return { sql: `SELECT count(*) AS n FROM (${core.sql})`, args: core.args }
}

/** The numbers of all matches, to stand inside another query. */
export function nestedSql(plan: Plan): SqlPart {
  return matchSql(plan, { select: `${keyOf(plan)} AS r`, selectArgs: [], joins: [], needsResource: false })
}

function keyOf(plan: Plan): string {
  return plan.driver === undefined && plan.source === undefined ? 'res.pk' : 'x.r'
}

function matchSql(
  plan: Plan,
  output: { select: string; selectArgs: SqlValue[]; joins: SqlPart[]; needsResource: boolean },
): SqlPart {
  const key = keyOf(plan)
  const conditions: string[] = []
  const args: SqlValue[] = [...output.selectArgs, ...(plan.source?.args ?? [])]
  for (const join of output.joins) args.push(...join.args)
  const needsResource = output.needsResource || plan.columns.some((column) => column.needsResource)
  let from: string
  let distinct = ''
  if (plan.source !== undefined) {
    from = `(${plan.source.sql}) x CROSS JOIN res ON res.pk = x.r`
  } else if (plan.driver === undefined) {
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
    const { sql, args: probed } = probeSql(probe, key)
    conditions.push(sql)
    args.push(...probed)
  }
  if (conditions.length === 0) conditions.push('1')
  const joins = output.joins.map((join) => ` ${join.sql}`).join('')
  return {
    sql: `SELECT ${distinct}${output.select} FROM ${from}${joins} WHERE ${conditions.join(' AND ')}`,
    args,
  }
}
