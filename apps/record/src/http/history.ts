import { rangeOfDate, type TimeRange } from '../fhir/dates.ts'
import { invalidRequest, notFound } from '../fhir/outcome.ts'
import type { SqlValue } from '../store/database.ts'
import { findResource, findVersion, type Store } from '../store/store.ts'

interface Scope {
  type?: string
  id?: string
}

interface ChangeRow {
  seq: number
  rt: string
  id: string
  ver: number
  upd: number
  method: string
}

interface Question {
  conditions: string[]
  args: SqlValue[]
  count: number
  /** Page links go back from this change. */
  before: number | undefined
  isTotalWanted: boolean
  /** What was asked, without the page. */
  asked: URLSearchParams
}

const DEFAULT_COUNT = 100
const MAX_COUNT = 1000
const MAX_CHARACTERS = 10_000_000
const IGNORED = new Set(['_format', '_pretty'])

/**
 * What happened, newest first, to one resource, a type or everything. A page ends at a change of the feed, whose order
 * never changes, so that writes between two pages disturb neither.
 */
export function historyBundle(store: Store, scope: Scope, pairs: [string, string][]): string {
  if (scope.type !== undefined && scope.id !== undefined) {
    if (findResource(store, scope.type, scope.id) === undefined) throw notFound()
  }
  const question = parse(store, scope, pairs)
  const { count, before, asked } = question
  const rows = changes(store, question)
  const entries = entriesOf(store, rows.slice(0, count))
  const hasMore = rows.length > entries.length
  const last = rows[entries.length - 1]?.seq ?? before
  const path = [store.base, scope.type, scope.id, '_history'].filter((part) => part !== undefined).join('/')
  const link = (from: number | undefined) => {
    const query = new URLSearchParams([...asked, ...(from === undefined ? [] : [['_before', String(from)]])])
    return query.size === 0 ? path : `${path}?${query.toString()}`
  }
  const links = [{ relation: 'self', url: link(before) }]
  if (hasMore && count > 0) links.push({ relation: 'next', url: link(last) })
  const isWhole = !hasMore && before === undefined && count > 0
  const known = isWhole ? rows.length : question.isTotalWanted ? countOf(store, question) : undefined
  const total = known === undefined ? '' : `,"total":${known}`
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`
  return `{"resourceType":"Bundle","type":"history"${total},"link":${JSON.stringify(links)}${entry}}`
}

/** As many entries as one page may hold. */
function entriesOf(store: Store, rows: ChangeRow[]): string[] {
  const entries: string[] = []
  let characters = 0
  for (const row of rows) {
    const entry = entryOf(store, row)
    entries.push(entry)
    characters += entry.length
    if (characters > MAX_CHARACTERS) break
  }
  return entries
}

function parse(store: Store, scope: Scope, pairs: [string, string][]): Question {
  const question: Question = {
    conditions: [],
    args: [],
    count: DEFAULT_COUNT,
    before: undefined,
    isTotalWanted: false,
    asked: new URLSearchParams(),
  }
  if (scope.type !== undefined) add(question, 'c.rt = ?', scope.type)
  if (scope.id !== undefined) add(question, 'c.id = ?', scope.id)
  for (const [name, value] of pairs) {
    if (IGNORED.has(name)) continue
    if (question.asked.has(name) || (name === '_before' && question.before !== undefined))
      throw invalidRequest(`"${name.slice(0, 80)}" is given twice.`, name.slice(0, 80))
    const read = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
    if (read === undefined)
      throw invalidRequest(
        `The parameter "${name.slice(0, 80)}" is not supported for history.`,
        name.slice(0, 80),
      )
    read(question, value, store)
    if (name !== '_before') question.asked.append(name, value)
  }
  return question
}

function add({ conditions, args }: Question, condition: string, ...values: SqlValue[]): void {
  conditions.push(condition)
  args.push(...values)
}

const PARAMETERS: Record<string, (question: Question, value: string, store: Store) => void> = {
  _count: (question, value) => {
    if (!/^\d{1,7}$/.test(value)) throw invalidRequest('_count must be a whole number.', '_count')
    question.count = Math.min(Number(value), MAX_COUNT)
  },
  _since: (question, value, store) =>
    add(question, 'c.seq >= ?', firstChangeSince(store, timeOf(value, '_since').lo)),
  // What was current at some moment of that time: made before its end and not replaced before its beginning.
  _at: (question, value) => {
    const { lo, hi } = timeOf(value, '_at')
    add(question, 'c.upd <= ?', hi)
    add(
      question,
      'NOT EXISTS (SELECT 1 FROM chg n WHERE n.rt = c.rt AND n.id = c.id AND n.seq > c.seq AND n.upd <= ?)',
      lo,
    )
  },
  _total: (question, value) => {
    if (!['none', 'estimate', 'accurate'].includes(value))
      throw invalidRequest('_total must be none, estimate or accurate.', '_total')
    question.isTotalWanted = value !== 'none'
  },
  _before: (question, value) => {
    if (!/^\d{1,15}$/.test(value)) throw invalidRequest('The page link is not valid.', '_before')
    question.before = Number(value)
  },
}

function timeOf(text: string, name: string): TimeRange {
  const range = rangeOfDate(text.replace(' ', '+'))
  if (range === undefined) throw invalidRequest(`${name} must be a date or a date with a time.`, name)
  return range
}

/** Times never run backwards in the feed, so that its beginning for a time is found by halving. */
function firstChangeSince(store: Store, ms: number): number {
  let low = 1
  let high = (store.db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM chg')?.seq ?? 0) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const found = store.db.get<{ seq: number; upd: number }>(
      'SELECT seq, upd FROM chg WHERE seq >= ? ORDER BY seq LIMIT 1',
      middle,
    )
    if (found === undefined || found.upd >= ms) high = middle
    else low = found.seq + 1
  }
  return low
}

function whereOf(conditions: string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
}

function changes(store: Store, { conditions, args, count, before }: Question): ChangeRow[] {
  const paged = before === undefined ? conditions : [...conditions, 'c.seq < ?']
  return store.db.all<ChangeRow>(
    `SELECT c.seq, c.rt, c.id, c.ver, c.upd, c.method FROM chg c ${whereOf(paged)} ORDER BY c.seq DESC LIMIT ?`,
    ...args,
    ...(before === undefined ? [] : [before]),
    count + 1,
  )
}

function countOf(store: Store, { conditions, args }: Question): number {
  const sql = `SELECT count(*) AS n FROM chg c ${whereOf(conditions)}`
  return store.db.get<{ n: number }>(sql, ...args)?.n ?? 0
}

const STATUS: Record<string, string> = { POST: '201 Created', PUT: '200 OK', DELETE: '204 No Content' }

function entryOf(store: Store, row: ChangeRow): string {
  const request = { method: row.method, url: row.method === 'POST' ? row.rt : `${row.rt}/${row.id}` }
  const response = {
    status: STATUS[row.method],
    etag: `W/"${row.ver}"`,
    lastModified: new Date(row.upd).toISOString(),
  }
  const body = row.method === 'DELETE' ? '' : (findVersion(store, row.rt, row.id, row.ver)?.body ?? '')
  const resource = body === '' ? '' : `"resource":${body},`
  return `{"fullUrl":"${store.base}/${row.rt}/${row.id}",${resource}"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`
}
