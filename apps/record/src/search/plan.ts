import { definitions } from '../definitions/definitions.ts'
import type { IndexCondition, SqlPart } from '../parameters/condition.ts'
import { compareRange, parseDateTest } from '../parameters/date.ts'
import type { SqlValue } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { conditionsOf, type ColumnCondition } from './conditions.ts'
import { numberOf } from './numbers.ts'
import type { Filter, SearchRequest } from './request.ts'
import { nestedSql } from './sql.ts'

export interface Plan {
  type: string
  /** The index that leads; without one, all resources of the type. */
  driver: IndexCondition | undefined
  /** The driver walks one reference's rows in the order of the primary date. */
  isDateWalk: boolean
  /** No condition leaves few rows: walking in the order of the answer may be better than collecting and sorting. */
  isWide: boolean
  /** The driver is the index of this date parameter. */
  walksDatesOf?: string
  probes: IndexCondition[]
  columns: ColumnCondition[]
}

const PROBE_LIMIT = 2000

/** Chooses what leads the search: the condition that leaves the fewest rows; all others are looked up per row. */
export function planSearch(store: Store, request: Pick<SearchRequest, 'type' | 'filters'>): Plan {
  const conditions: { condition: IndexCondition; filter: Filter }[] = []
  const columns: ColumnCondition[] = []
  for (const filter of request.filters) {
    for (const made of conditionsOf(store, filter, nested)) {
      if ('table' in made) conditions.push({ condition: made, filter })
      else columns.push(made)
    }
  }
  const isLedByColumn = columns.some((column) => column.isSelective)
  const chosen = isLedByColumn ? undefined : chooseDriver(store, conditions)
  const driver = chosen?.condition
  const narrowed = driver === undefined ? undefined : narrowByDate(driver, request)
  const probes = conditions.filter((one) => one.condition !== driver).map((one) => one.condition)
  return {
    type: request.type,
    driver: narrowed?.condition ?? driver,
    isDateWalk:
      narrowed !== undefined && isOneReference(conditions.find((one) => one.condition === driver)?.filter),
    isWide: !isLedByColumn && chosen?.isWide !== false,
    probes: probes.filter((probe) => narrowed === undefined || !narrowed.covers.has(probe)),
    columns,
  }

  function nested(type: string, filter: Filter): SqlPart {
    return nestedSql(planSearch(store, { type, filters: [filter] }))
  }

  /** Reference rows carry the resource's primary date: a range of dates narrows the walk itself. */
  function narrowByDate(
    lead: IndexCondition,
    { type }: Pick<SearchRequest, 'type'>,
  ): { condition: IndexCondition; covers: Set<IndexCondition> } | undefined {
    if (lead.table !== 'ix_ref') return undefined
    const primary = definitions.primaryDates[type]
    const covers = new Set<IndexCondition>()
    const parts: { sql: (alias: string) => string; args: SqlValue[] }[] = []
    for (const { condition, filter } of conditions) {
      if (filter.kind !== 'param' || filter.code !== primary || filter.values.length !== 1) continue
      const test = parseDateTest(filter.code, filter.values[0] ?? '')
      if (filter.param.instant === true && filter.param.single === true && test.prefix !== 'ne') {
        const column = (alias: string) => compareRange(test, `${alias}.d`, `${alias}.d`).sql
        parts.push({ sql: column, args: compareRange(test, 'd', 'd').args })
        covers.add(condition)
      }
    }
    const first = lead
    return {
      covers,
      condition: {
        ...first,
        where: (alias) => [first.where(alias), ...parts.map((part) => part.sql(alias))].join(' AND '),
        args: [...first.args, ...parts.flatMap((part) => part.args)],
      },
    }
  }
}

/**
 * The same search, led by the dates it is sorted by, newest first: it stops at the limit. Resources without a date
 * come last and are not found this way, so only a full page of it is the answer.
 */
export function newestFirst(store: Store, plan: Plan, request: SearchRequest): Plan | undefined {
  const [sort, ...others] = request.sort
  const isWalkable = sort?.param?.type === 'date' && sort.param.single === true && sort.isDescending
  if (!plan.isWide || !isWalkable || others.length > 0) return undefined
  const from = request.cursor?.[0]
  const bound = typeof from === 'number' ? [from] : []
  const driver: IndexCondition = {
    table: 'ix_date',
    where: (alias) => `${alias}.p = ?${bound.length === 0 ? '' : ` AND ${alias}.lo <= ?`}`,
    args: [numberOf(store, request.type, sort.code), ...bound],
    isProbeCheap: true,
    canRepeat: false,
  }
  const probes = plan.driver === undefined ? plan.probes : [...plan.probes, plan.driver]
  return { ...plan, driver, probes, isDateWalk: false, walksDatesOf: sort.code }
}

function isOneReference(filter: Filter | undefined): boolean {
  if (filter?.kind === 'compartment') return filter.codes.length === 1
  return (
    filter?.kind === 'param' &&
    filter.param.type === 'reference' &&
    filter.values.length === 1 &&
    filter.modifier !== 'identifier'
  )
}

function chooseDriver(
  store: Store,
  conditions: { condition: IndexCondition; filter: Filter }[],
): { condition: IndexCondition; isWide: boolean } | undefined {
  const certain =
    conditions.find(({ filter }) => filter.kind === 'param' && filter.code === 'identifier') ??
    conditions.find(({ filter }) => isOneReference(filter))
  if (certain !== undefined) return { condition: certain.condition, isWide: false }
  let best: IndexCondition | undefined
  let fewest = Number.POSITIVE_INFINITY
  for (const { condition, filter } of conditions) {
    const bias = filter.kind === 'param' && filter.param.type === 'reference' ? 0.5 : 1
    const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM ${condition.table} x WHERE ${condition.where('x')} LIMIT ${PROBE_LIMIT})`
    const rows = (store.db.get<{ n: number }>(sql, ...condition.args)?.n ?? 0) * bias
    if (rows < fewest) {
      best = condition
      fewest = rows
    }
  }
  return best === undefined ? undefined : { condition: best, isWide: fewest >= PROBE_LIMIT }
}
