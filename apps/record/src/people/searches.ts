import { BEGINNING, END } from '../fhir/dates.ts'
import { inList, type SqlPart } from '../parameters/condition.ts'
import { probeSql } from '../search/conditions.ts'
import { numberOf } from '../search/numbers.ts'
import { type Plan, planSearch } from '../search/plan.ts'
import { nestedSql } from '../search/sql.ts'
import type { Store } from '../store/store.ts'
import type { Search } from './question.ts'

/** Beyond this many rows it no longer matters which way is shorter; below this many, looking costs more than going. */
const MAX_COMPARED = 500_000
const FEW = 20_000
/** The same searches are asked again and again. An older choice is never wrong, only slower. */
const PLAN_KEPT_MS = 60_000
const MAX_PLANS = 500
const plans = new WeakMap<Store, Map<string, { plan: Plan; untilMs: number }>>()

type Asked = Pick<Search, 'query' | 'criteria'>

/**
 * The numbers of the persons of whom a search finds something, once per resource found; of a few persons only when
 * they are given.
 */
export function personsSql(store: Store, search: Search, patients: string[] | undefined): SqlPart {
  if (search.by === undefined) return patientsSql(store, search, patients)
  const rows = referencesSql(store, search, search.by, patients)
  return {
    sql: `WITH f (i, r, d) AS (${rows.sql}) SELECT c.pk AS pk FROM f CROSS JOIN res c ON c.rt = 'Patient' AND c.id = f.i AND c.del = 0`,
    args: rows.args,
  }
}

/** Per person of those given: how many resources a search finds, and their earliest and latest date. */
export function talliesSql(store: Store, search: Search, patients: string[]): SqlPart {
  const { by, date, criteria } = search
  if (by === undefined) {
    const found = patientsSql(store, search, patients)
    return {
      sql: `SELECT id, 1 AS n, NULL AS oldest, NULL AS newest FROM res WHERE pk IN (${found.sql})`,
      args: found.args,
    }
  }
  const rows = referencesSql(store, search, by, patients)
  if (date === undefined)
    return {
      sql: `WITH f (i, r, d) AS (${rows.sql}) SELECT f.i AS id, count(*) AS n, min(nullif(f.d, ${BEGINNING})) AS oldest,
        max(nullif(f.d, ${BEGINNING})) AS newest FROM f GROUP BY f.i`,
      args: rows.args,
    }
  return {
    sql: `WITH f (i, r, d) AS (${rows.sql}) SELECT f.i AS id, count(DISTINCT f.r) AS n, min(nullif(y.lo, ${BEGINNING})) AS oldest,
      max(nullif(y.hi, ${END})) AS newest FROM f LEFT JOIN ix_date y ON y.r = f.r AND y.p = ? GROUP BY f.i`,
    args: [...rows.args, numberOf(store, criteria.type, date)],
  }
}

function patientsSql(store: Store, { criteria }: Search, patients: string[] | undefined): SqlPart {
  const filters = patients === undefined ? [] : [{ kind: 'id' as const, ids: patients }]
  return nestedSql(planSearch(store, { type: 'Patient', filters: [...criteria.filters, ...filters] }))
}

/** Person, resource and primary date of what a search finds, each once. */
function referencesSql(store: Store, search: Search, by: string, patients: string[] | undefined): SqlPart {
  const { latest } = search
  if (latest === undefined) return rowsSql(store, search, by, patients)
  const rows = rowsSql(store, latest, by, patients)
  const found = nestedSql(planOf(store, search))
  return {
    sql: `WITH g (i, r, d) AS (${rows.sql}) SELECT i, r, d FROM (
        SELECT g.i, g.r, g.d, row_number() OVER (PARTITION BY g.i ORDER BY g.d DESC, g.r DESC) AS place FROM g)
      WHERE place = 1 AND r IN (${found.sql})`,
    args: [...rows.args, ...found.args],
  }
}

/** Led by the persons where that is shorter. */
function rowsSql(store: Store, asked: Asked, by: string, patients: string[] | undefined): SqlPart {
  const plan = planOf(store, asked)
  const p = numberOf(store, asked.criteria.type, by)
  if (patients !== undefined && plan.source === undefined && plan.isWide) {
    const theirs = {
      sql: "json_each(?) AS m CROSS JOIN ix_ref x ON x.p = ? AND x.i = m.value AND x.t = 'Patient'",
      args: [JSON.stringify(patients), p],
    }
    const most = rowsOf(store, theirs, MAX_COMPARED)
    if (most <= FEW || ownRows(store, plan, most + 1) > most) return ledByPersons(plan, theirs)
  }
  const found = nestedSql(plan)
  // With the plus, a person is looked up among those given; without it, all of them would be tried for each row.
  const among = patients === undefined ? { sql: '1', args: [] } : inList('+x.i', patients)
  return {
    sql: `WITH n (pk) AS (${found.sql}) SELECT x.i, x.r, x.d FROM n CROSS JOIN ix_ref x ON x.r = n.pk AND x.p = ? AND x.t = 'Patient' WHERE ${among.sql}`,
    args: [...found.args, p, ...among.args],
  }
}

function planOf(store: Store, { query, criteria }: Asked): Plan {
  const known = plans.get(store) ?? new Map<string, { plan: Plan; untilMs: number }>()
  plans.set(store, known)
  const now = Date.now()
  const kept = known.get(query)
  if (kept !== undefined && kept.untilMs > now) return kept.plan
  if (known.size >= MAX_PLANS) known.clear()
  const plan = planSearch(store, criteria)
  known.set(query, { plan, untilMs: now + PLAN_KEPT_MS })
  return plan
}

function ledByPersons(plan: Plan, theirs: SqlPart): SqlPart {
  const probes = plan.driver === undefined ? plan.probes : [...plan.probes, plan.driver]
  const conditions = [
    ...plan.columns.map((column) => ({ sql: column.sql('x.r'), args: column.args })),
    ...probes.map((probe) => probeSql(probe, 'x.r')),
  ]
  const resource = plan.columns.some((column) => column.needsResource)
    ? ' CROSS JOIN res ON res.pk = x.r'
    : ''
  const where = conditions.length === 0 ? '1' : conditions.map((one) => one.sql).join(' AND ')
  return {
    sql: `SELECT x.i, x.r, x.d FROM ${theirs.sql}${resource} WHERE ${where}`,
    args: [...theirs.args, ...conditions.flatMap((one) => one.args)],
  }
}

/** How many rows lead a plan, at most so many. */
function ownRows(store: Store, { type, driver, columns }: Plan, most: number): number {
  if (columns.some((column) => column.isSelective)) return 0
  return driver === undefined
    ? rowsOf(store, { sql: 'res WHERE rt = ? AND del = 0', args: [type] }, most)
    : rowsOf(store, { sql: `${driver.table} x WHERE ${driver.where('x')}`, args: driver.args }, most)
}

function rowsOf({ db }: Store, { sql, args }: SqlPart, most: number): number {
  return (
    db.get<{ n: number }>(`SELECT count(*) AS n FROM (SELECT 1 FROM ${sql} LIMIT ?)`, ...args, most)?.n ?? 0
  )
}
