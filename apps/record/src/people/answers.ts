import { invalidRequest } from '../fhir/outcome.ts'
import { writeCursor } from '../search/cursor.ts'
import { parseSearch } from '../search/parse.ts'
import { planSearch } from '../search/plan.ts'
import { keysSql } from '../search/sql.ts'
import type { Store } from '../store/store.ts'
import type { PeopleEvaluator } from './evaluate.ts'
import type { PeopleSet } from './people-set.ts'
import { type PeopleQuestion, readPeopleQuestion, type Search } from './question.ts'
import { talliesSql } from './searches.ts'

export type PeopleOperation = 'count' | 'select' | 'tally'

/** What is known of one search of the question. */
export interface SearchCount {
  name: string | undefined
  query: string
  count: number
}

const OPTIONS: Record<PeopleOperation, readonly string[]> = {
  count: ['wait'],
  select: ['_count', '_sort', '_cursor'],
  tally: ['measure'],
}
const DEFAULT_COUNT = 100
const MAX_COUNT = 5000
const MAX_TALLIED = 5000
const EVERYTHING = 2 ** 31
const FEW = 5000

/** Answers in one read transaction: all numbers are of the same moment. */
export function answerPeople(
  store: Store,
  evaluator: PeopleEvaluator,
  operation: PeopleOperation,
  body: string,
  onSearch: (found: SearchCount) => void,
): string {
  const question = readPeopleQuestion(body, store.base, OPTIONS[operation])
  return store.db.snapshot(() => {
    const searches: SearchCount[] = []
    const people = evaluator.evaluate(question, (at, count) => {
      const search = question.searches[at]
      const found = { name: search?.name, query: search?.query ?? '', count }
      searches.push(found)
      onSearch(found)
    })
    if (operation === 'count') return countParameters(searches, people.size)
    if (operation === 'select') return selectParameters(store, question, people)
    return tallyParameters(store, question, people)
  })
}

/** Without a count, the first numbers: what is known of the searches so far. */
export function countParameters(searches: SearchCount[], count: number | undefined): string {
  const parameter = [
    { name: 'complete', valueBoolean: count !== undefined },
    ...(count === undefined ? [] : [{ name: 'count', valueInteger: count }]),
    ...searches.map((search) => ({
      name: 'search',
      part: [
        ...(search.name === undefined ? [] : [{ name: 'name', valueString: search.name }]),
        { name: 'query', valueString: search.query },
        { name: 'count', valueInteger: search.count },
      ],
    })),
  ]
  return JSON.stringify({ resourceType: 'Parameters', parameter })
}

/** Persons in the order of `_sort` (otherwise by id), a page at a time. */
function selectParameters(store: Store, { options }: PeopleQuestion, people: PeopleSet): string {
  const count = options.get('_count') ?? String(DEFAULT_COUNT)
  if (!/^[1-9]\d{0,8}$/.test(count)) throw invalidRequest('_count must be a positive whole number.', '_count')
  const size = Math.min(Number(count), MAX_COUNT)
  const pairs: [string, string][] = [['_sort', options.get('_sort') ?? '_id']]
  const cursor = options.get('_cursor')
  if (cursor !== undefined) pairs.push(['_cursor', cursor])
  const request = parseSearch({ type: 'Patient', path: 'Patient', compartment: undefined }, pairs, false)
  // A few are looked up and sorted; of many, all persons are walked in the order asked.
  const few = people.size > FEW ? [] : [{ kind: 'id' as const, ids: idsOf(store, people.numbers()) }]
  const plan = planSearch(store, { type: 'Patient', filters: few })
  const keys = keysSql(store, plan, { ...request, count: EVERYTHING })
  const page: Record<string, string | number>[] = []
  for (const row of store.db.iterate<Record<string, string | number>>(keys.sql, ...keys.args)) {
    if (!people.has(Number(row['pk']))) continue
    page.push(row)
    if (page.length > size) break
  }
  const hasMore = page.length > size
  if (hasMore) page.pop()
  const last = page.at(-1)
  const ids = idsOf(
    store,
    page.map((row) => Number(row['pk'])),
  )
  const parameter: object[] = [
    { name: 'count', valueInteger: people.size },
    ...ids.map((id) => ({ name: 'patient', valueReference: { reference: `Patient/${id}` } })),
  ]
  if (hasMore && last !== undefined) {
    const place = writeCursor([...request.sort.map((_key, at) => last[`k${at}`] ?? 0), last['pk'] ?? 0])
    parameter.push({ name: 'next', valueString: place })
  }
  return JSON.stringify({ resourceType: 'Parameters', parameter })
}

interface Tally {
  id: string
  n: number
  oldest: number | null
  newest: number | null
}

/** Per person `count,oldest,newest` of each measure in the order asked, parted by `;`, dates in milliseconds. */
function tallyParameters(store: Store, { measures }: PeopleQuestion, people: PeopleSet): string {
  if (measures.length === 0) throw invalidRequest('At least one measure must be asked.', 'measure')
  if (people.size > MAX_TALLIED)
    throw invalidRequest(
      `At most ${MAX_TALLIED} persons are told at once: narrow the groups, or take them from $select page by page.`,
      'patient',
    )
  const ids = idsOf(store, people.numbers())
  const columns = measures.map((measure) => columnOf(store, measure, ids))
  const persons = ids.map((id) => {
    const text = columns.map((column) => column.get(id) ?? '0,,').join(';')
    return `{"name":"person","part":[{"name":"patient","valueReference":{"reference":"Patient/${id}"}},{"name":"measures","valueString":"${text}"}]}`
  })
  const list = persons.length === 0 ? '' : `,"parameter":[${persons.join(',')}]`
  return `{"resourceType":"Parameters"${list}}`
}

function columnOf(store: Store, measure: Search, ids: string[]): Map<string, string> {
  const { sql, args } = talliesSql(store, measure, ids)
  const rows = store.db.all<Tally>(sql, ...args)
  return new Map(
    rows
      .filter((row) => row.n >= measure.minimum)
      .map((row) => [row.id, `${row.n},${row.oldest ?? ''},${row.newest ?? ''}`]),
  )
}

/** In the order of the numbers given. */
function idsOf({ db }: Store, numbers: number[]): string[] {
  const rows = db.all<{ pk: number; id: string }>(
    'SELECT pk, id FROM res WHERE pk IN (SELECT value FROM json_each(?))',
    JSON.stringify(numbers),
  )
  const byNumber = new Map(rows.map((row) => [row.pk, row.id]))
  return numbers.flatMap((number) => byNumber.get(number) ?? [])
}
