import type { Store } from '../store/store.ts'
import { includedRows, type FoundRow } from './include.ts'
import { planSearch } from './plan.ts'
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
  const page = pageSql(store, plan, request)
  const rows = store.db.all<FoundRow & Record<string, string | number>>(page.sql, ...page.args)
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
