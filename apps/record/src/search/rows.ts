import type { SqlPart } from '../parameters/condition.ts'
import type { Store } from '../store/store.ts'
import { includedRows, type FoundRow } from './include.ts'
import { dateWalk, planSearch, type Plan } from './plan.ts'
import type { SearchRequest } from './request.ts'
import { countSql, keysSql, pageSql } from './sql.ts'

export interface FoundPage {
  matches: FoundRow[]
  included: FoundRow[]
  /** More was to be included than one answer may hold. */
  isCut: boolean
  total: number | undefined
  /** The sort keys of the last match when more follow. */
  next: (string | number)[] | undefined
}

/** A page ends earlier when its resources are long: no text, and no memory, holds thousands of scanned letters. */
const MAX_PAGE_CHARACTERS = 32_000_000

/** Rows in order; full when there may be more of them than one answer can hold. */
interface Walked<T> {
  rows: T[]
  isFull: boolean
}

/** A match with its number and its sort keys (`k0`, `k1`, …). */
type KeyRow = { pk: number } & Record<string, string | number>
type PageRow = FoundRow & KeyRow

/** Runs a search: the page, what it includes, and the total when it was asked for or is known anyway. */
export function findRows(store: Store, request: SearchRequest): FoundPage {
  const plan = planSearch(store, request)
  const countAll = () => countRows(store, plan)
  if (request.isCountOnly) return countOnly(countAll())
  return pageOf(store, request, walkedRows<PageRow>(store, plan, request, pageSql), countAll)
}

/**
 * Runs one search over several types, in one order: the first keys of each type are merged, and only what is on the
 * page is read. The requests differ in nothing but their types.
 */
export function findRowsOverTypes(store: Store, requests: SearchRequest[]): FoundPage {
  const known = new Set(typesThere(store))
  const here = requests.filter((request) => known.has(request.type))
  const plans = here.map((request) => ({ request, plan: planSearch(store, request) }))
  const countAll = () => plans.reduce((sum, { plan }) => sum + countRows(store, plan), 0)
  const [first] = requests
  if (first === undefined) return countOnly(0)
  if (first.isCountOnly) return countOnly(countAll())
  const keys = plans
    .flatMap(({ plan, request }) => walkedRows<KeyRow>(store, plan, request, keysSql).rows)
    .toSorted((a, b) => compareKeys(first, a, b))
    .slice(0, first.count + 1)
  const rows: PageRow[] = []
  let characters = 0
  for (const key of keys) {
    if (characters > MAX_PAGE_CHARACTERS) break
    const body = store.db.get<FoundRow>('SELECT body FROM res WHERE pk = ?', key.pk)?.body ?? ''
    rows.push({ ...key, body })
    characters += body.length
  }
  return pageOf(store, first, { rows, isFull: rows.length < keys.length }, countAll)
}

function countOnly(total: number): FoundPage {
  return { matches: [], included: [], isCut: false, total, next: undefined }
}

function pageOf(
  store: Store,
  request: SearchRequest,
  { rows, isFull }: Walked<PageRow>,
  countAll: () => number,
): FoundPage {
  const hasMore = isFull || rows.length > request.count
  if (rows.length > request.count) rows.pop()
  const last = rows.at(-1)
  const isWhole = !hasMore && request.cursor === undefined
  return {
    matches: rows,
    ...includedRows(store, request, rows),
    total: isWhole ? rows.length : request.total === 'accurate' ? countAll() : undefined,
    next: hasMore && last !== undefined ? [...sortKeys(request, last), last.pk] : undefined,
  }
}

function sortKeys(request: SearchRequest, row: KeyRow): (string | number)[] {
  return request.sort.map((_key, at) => row[`k${at}`] ?? 0)
}

function countRows(store: Store, plan: Plan): number {
  const counting = countSql(plan)
  return store.db.get<{ n: number }>(counting.sql, ...counting.args)?.n ?? 0
}

function walkedRows<T extends object>(
  store: Store,
  plan: Plan,
  request: SearchRequest,
  toSql: typeof keysSql,
): Walked<T> {
  const walk = dateWalk(store, plan, request)
  if (walk !== undefined) {
    const walked = read<T>(store, toSql(store, walk.plan, request))
    if (walk.isComplete || walked.isFull || walked.rows.length > request.count) return walked
  }
  return read<T>(store, toSql(store, plan, request))
}

function read<T extends object>(store: Store, { sql, args }: SqlPart): Walked<T> {
  const rows: T[] = []
  let characters = 0
  for (const row of store.db.iterate<T>(sql, ...args)) {
    rows.push(row)
    if ('body' in row && typeof row.body === 'string') characters += row.body.length
    if (characters > MAX_PAGE_CHARACTERS) return { rows, isFull: true }
  }
  return { rows, isFull: false }
}

/** The resource types of which there is something, each found by one step in the index. */
function typesThere(store: Store): string[] {
  return store.db
    .all<{ rt: string | null }>(
      `WITH RECURSIVE t (rt) AS (SELECT min(rt) FROM res UNION ALL SELECT (SELECT min(rt) FROM res WHERE rt > t.rt) FROM t WHERE t.rt IS NOT NULL)
       SELECT rt FROM t WHERE rt IS NOT NULL`,
    )
    .map((row) => row.rt ?? '')
}

/** The order in which the database puts rows: texts by their UTF-8 bytes. */
function compareKeys(request: SearchRequest, a: KeyRow, b: KeyRow): number {
  for (const [at, { isDescending }] of request.sort.entries()) {
    const [x = 0, y = 0] = [a[`k${at}`], b[`k${at}`]]
    const order =
      typeof x === 'number' && typeof y === 'number'
        ? x - y
        : Buffer.compare(Buffer.from(String(x)), Buffer.from(String(y)))
    if (order !== 0) return isDescending ? -order : order
  }
  return request.sort[0]?.isDescending === true ? b.pk - a.pk : a.pk - b.pk
}
