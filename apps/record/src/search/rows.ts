import type { Store } from '../store/store.ts'
import { includedRows, type FoundRow } from './include.ts'
import { newestFirst, planSearch, type Plan } from './plan.ts'
import type { SearchRequest } from './request.ts'
import { countSql, pageSql } from './sql.ts'

export interface FoundPage {
  matches: FoundRow[]
  included: FoundRow[]
  total: number | undefined
  /** The sort keys of the last match when more follow. */
  next: (string | number)[] | undefined
}

/** Runs a search: the page, what it includes, and the total when it was asked for or is known anyway. */
export function findRows(store: Store, request: SearchRequest): FoundPage {
  const plan = planSearch(store, request)
  const countAll = () => {
    const counting = countSql(store, plan)
    return store.db.get<{ n: number }>(counting.sql, ...counting.args)?.n ?? 0
  }
  if (request.isCountOnly) return { matches: [], included: [], total: countAll(), next: undefined }
  const rows = pageRows(store, plan, request)
  const hasMore = rows.length > request.count
  if (hasMore) rows.pop()
  const last = rows.at(-1)
  const isWhole = !hasMore && request.cursor === undefined
  return {
    matches: rows,
    included: includedRows(store, request, rows),
    total: isWhole ? rows.length : request.total === 'accurate' ? countAll() : undefined,
    next:
      hasMore && last !== undefined
        ? [...request.sort.map((_key, at) => last[`k${at}`] ?? 0), last.pk]
        : undefined,
  }
}

type PageRow = FoundRow & Record<string, string | number>

function pageRows(store: Store, plan: Plan, request: SearchRequest): PageRow[] {
  const walk = newestFirst(store, plan, request)
  if (walk !== undefined) {
    const walked = pageSql(store, walk, request)
    const rows = store.db.all<PageRow>(walked.sql, ...walked.args)
    if (rows.length > request.count) return rows
  }
  const page = pageSql(store, plan, request)
  return store.db.all<PageRow>(page.sql, ...page.args)
}
