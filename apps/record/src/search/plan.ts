import { definitions } from '../definitions/definitions.ts'
import { BEGINNING } from '../fhir/dates.ts'
import type { IndexCondition, SqlPart } from '../parameters/condition.ts'
import { compareRange, parseDateTest } from '../parameters/date.ts'
import type { SqlValue } from '../store/database.ts'
import type { Store } from '../store/store.ts'
import { conditionsOf, type ColumnCondition, type SetCondition } from './conditions.ts'
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
  /** Leads instead of a driver: the numbers `r` of the resources that may match, each once. */
  source: SqlPart | undefined
}

const REACHES_BACK = new Set(['lt', 'le', 'eb', 'ap'])
const PROBE_LIMIT = 2000
/** So few resources are asked one by one what refers to them, when more than so many rows would have to be gathered first. */
const FEW_RESOURCES = 50
const MANY_ROWS = 200
/** So few rows that it does not pay to look for fewer. */
const FEW = 100

/**
 * Chooses what leads the search: the condition that leaves the fewest rows; all others are looked up per row. Of a search
 * that stands inside another, all rows are needed in any order: one condition needs no choice.
 */
export function planSearch(
  store: Store,
  request: Pick<SearchRequest, 'type' | 'filters'>,
  isNested = false,
): Plan {
  const conditions: { condition: IndexCondition; filter: Filter }[] = []
  const columns: ColumnCondition[] = []
  const sets: SetCondition[] = []
  for (const filter of request.filters) {
    for (const made of conditionsOf(store, filter, nested)) {
      if ('table' in made) conditions.push({ condition: made, filter })
      else if ('set' in made) sets.push(made)
      else columns.push(made)
    }
  }
  const isLedByColumn = columns.some((column) => column.isSelective)
  const isLookedUp = sets.length > 0 && (isLedByColumn || leavesFew(store, conditions, sets))
  const [source, ...others] = isLookedUp ? [] : sets.map(({ set }) => set)
  columns.push(...others.map(withinSet), ...(isLookedUp ? sets.map(lookedUp) : []))
  const isLedOtherwise = source !== undefined || isLedByColumn
  const [only, ...more] = conditions
  const isChosen = isNested && only !== undefined && more.length === 0
  const chosen = isLedOtherwise
    ? undefined
    : isChosen
      ? { condition: only.condition, isWide: true }
      : chooseDriver(store, conditions)
  const driver = chosen?.condition
  const narrowed = driver === undefined ? undefined : narrowByDate(driver, request)
  const probes = conditions.filter((one) => one.condition !== driver).map((one) => one.condition)
  return {
    type: request.type,
    driver: narrowed?.condition ?? driver,
    isDateWalk:
      narrowed !== undefined && isOneReference(conditions.find((one) => one.condition === driver)?.filter),
    isWide: !isLedOtherwise && chosen?.isWide !== false,
    probes: probes.filter((probe) => narrowed === undefined || !narrowed.covers.has(probe)),
    columns,
    source,
  }

  function nested(type: string, filter: Filter): SqlPart {
    return nestedSql(planSearch(store, { type, filters: [filter] }, true))
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
        // What has no date stands at the beginning of time, and is not before any date.
        if (REACHES_BACK.has(test.prefix)) parts.push({ sql: (alias) => `${alias}.d > ?`, args: [BEGINNING] })
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
 * The same search, led by the dates it is sorted by: it stops at the limit. What has no date stands at the early end and is
 * not found this way; `isComplete` says that nothing of that kind is left to find, else only a full page is the answer.
 */
export function dateWalk(
  store: Store,
  plan: Plan,
  request: SearchRequest,
): { plan: Plan; isComplete: boolean } | undefined {
  const [sort, ...others] = request.sort
  const isWalkable = sort?.param?.type === 'date' && sort.param.single === true
  if (!plan.isWide || !isWalkable || others.length > 0) return undefined
  const p = numberOf(store, request.type, sort.code)
  const from = request.cursor?.[0]
  const bound = typeof from === 'number' ? [from] : []
  const isComplete = isPastUndated() || hasDates(store, request.type, sort.code, p)
  if (!sort.isDescending && !isComplete) return undefined
  const asked = plan.driver === undefined ? plan.probes : [...plan.probes, plan.driver]
  // What has no beginning stands among what has no date, which the walk does not find.
  const dated = isComplete ? [] : [BEGINNING]
  // What is asked of the same date is asked of the row that is walked: it begins and ends the walk.
  const isOfWalk = (one: IndexCondition) => one.table === 'ix_date' && one.args[0] === p
  const own = asked.filter(isOfWalk)
  const driver: IndexCondition = {
    table: 'ix_date',
    where: (alias) =>
      [
        `${alias}.p = ?`,
        ...bound.map(() => `${alias}.lo ${sort.isDescending ? '<=' : '>='} ?`),
        ...dated.map(() => `${alias}.lo > ?`),
        ...own.map((one) => `(${one.where(alias)})`),
      ].join(' AND '),
    args: [p, ...bound, ...dated, ...own.flatMap((one) => one.args)],
    isProbeCheap: true,
    canRepeat: false,
  }
  const probes = asked.filter((one) => !isOfWalk(one))
  return { plan: { ...plan, driver, probes, isDateWalk: false, walksDatesOf: sort.code }, isComplete }

  function isPastUndated(): boolean {
    return sort?.isDescending === false && typeof from === 'number' && from > BEGINNING
  }
}

/** No resource of the type lacks the date: those that do have a row of their own (`extract.ts`). */
function hasDates(store: Store, type: string, code: string, p: number): boolean {
  if (definitions.primaryDates[type] !== code) return false
  return store.db.get('SELECT 1 FROM ix_date WHERE p = ? LIMIT 1', -p) === undefined
}

function withinSet(set: SqlPart): ColumnCondition {
  const sql = (key: string) => `${key} IN (${set.sql})`
  return { sql, args: set.args, needsResource: false, isSelective: false }
}

function lookedUp({ set, lookup }: SetCondition): ColumnCondition {
  if (lookup === undefined) return withinSet(set)
  const sql = (key: string) => lookup.holds(key).sql
  return { sql, args: lookup.holds('').args, needsResource: false, isSelective: false }
}

/** Some condition leaves a few resources, while every set would have to gather many rows. */
function leavesFew(
  store: Store,
  conditions: { condition: IndexCondition; filter: Filter }[],
  sets: SetCondition[],
): boolean {
  if (sets.some(({ lookup }) => lookup === undefined)) return false
  const hasFew = conditions.some(
    ({ condition: { table, where, args } }) =>
      countUpTo(store, { sql: `SELECT 1 FROM ${table} x WHERE ${where('x')}`, args }, FEW_RESOURCES) <
      FEW_RESOURCES,
  )
  return hasFew && sets.every(({ lookup }) => countUpTo(store, lookup?.start, MANY_ROWS) >= MANY_ROWS)
}

function countUpTo(store: Store, part: SqlPart | undefined, limit: number): number {
  if (part === undefined) return 0
  const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM (${part.sql}) LIMIT ?)`
  return store.db.get<{ n: number }>(sql, ...part.args, limit)?.n ?? 0
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

/** Ranges are counted last: an index of beginnings may have to be read long before enough is found. */
function costToCount({ condition }: { condition: IndexCondition }): number {
  return condition.table === 'ix_num' || condition.table === 'ix_date' ? 1 : 0
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
  for (const { condition, filter } of conditions.toSorted((a, b) => costToCount(a) - costToCount(b))) {
    const bias = filter.kind === 'param' && filter.param.type === 'reference' ? 0.5 : 1
    const { table, where, args } = condition
    const all = { sql: `SELECT 1 FROM ${table} x WHERE ${where('x')}`, args }
    // Counting on does not help a condition that already leaves no fewer.
    const rows = countUpTo(store, all, Math.min(PROBE_LIMIT, Math.ceil(fewest / bias))) * bias
    if (rows < fewest) {
      best = condition
      fewest = rows
    }
    if (fewest <= FEW) break
  }
  return best === undefined ? undefined : { condition: best, isWide: fewest >= PROBE_LIMIT }
}
