import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Answered } from '../testing/record.ts'
import { openTestStore, type TestStore } from '../testing/store.ts'
import { findResource } from '../store/store.ts'
import { remove } from '../writer/write.ts'
import { searchAt } from './search.ts'

const STATUSES = ['draft', 'active', 'completed']

interface Task {
  resourceType: 'Task'
  id: string
  status: string
  intent: 'order'
  authoredOn?: string
  for: { reference: string }
}

const task = fc.record(
  {
    resourceType: fc.constant('Task' as const),
    id: fc.integer({ min: 0, max: 39 }).map((at) => `t${at}`),
    status: fc.constantFrom(...STATUSES),
    intent: fc.constant('order' as const),
    authoredOn: fc.integer({ min: 1, max: 9 }).map((day) => `2026-01-0${day}`),
    for: fc.constantFrom('Patient/a', 'Patient/b').map((reference) => ({ reference })),
  },
  { requiredKeys: ['resourceType', 'id', 'status', 'intent', 'for'] },
)
const write = fc.oneof(
  { weight: 3, arbitrary: task },
  fc.integer({ min: 0, max: 39 }).map((at) => `t${at}`),
)
const queries = [
  '',
  'patient=Patient/a',
  'patient=Patient/a&_sort=-authored-on',
  'patient=Patient/a,Patient/b&_sort=authored-on',
  '_sort=-authored-on',
  '_sort=authored-on',
  '_sort=status,-authored-on',
  '_sort=-_id',
  'status=active,draft&_sort=patient,_id',
  'status:not=completed',
]

test('whatever is written between pages, what was there all the time and did not change comes exactly once, in order', () => {
  fc.assert(
    fc.property(
      fc.array(task, { minLength: 10, maxLength: 40 }),
      fc.constantFrom(...queries),
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.array(write, { maxLength: 3 }), { maxLength: 8 }),
      (first, query, count, writes) => {
        const record = openTestStore()
        try {
          for (const one of first) record.put(one)
          const before = record.ids(`Task?${query}`)
          const touched = new Set<string>()
          const found: string[] = []
          let next: string | undefined = `Task?${query}&_count=${count}`
          for (let page = 0; next !== undefined; page++) {
            if (page > 80) throw new Error('the pages do not end')
            const bundle: Answered = record.bundle(next)
            for (const entry of bundle.entry ?? []) found.push(entry.resource.id)
            next = bundle.link
              .find((link: Answered) => link.relation === 'next')
              ?.url.slice('http://record/'.length)
            for (const one of writes[page] ?? []) apply(record, one, touched)
          }
          const untouched = (ids: string[]) => ids.filter((id) => !touched.has(id))
          expect(untouched(found)).toEqual(untouched(before))
        } finally {
          record.close()
        }
      },
    ),
    { numRuns: 60 },
  )
})

function apply(record: TestStore, one: Task | string, touched: Set<string>): void {
  touched.add(typeof one === 'string' ? one : one.id)
  if (typeof one !== 'string') {
    record.put(one)
    return
  }
  const found = findResource(record.store, 'Task', one)
  if (found !== undefined && !found.isDeleted) remove(record.store, 'Task', one, found)
}

test('resources of many megabytes come on pages that hold together, each of them once, and include no more than that', () => {
  const record = openTestStore()
  const comment = 'x'.repeat(6_000_000)
  const ids = [1, 2, 3, 4, 5, 6, 7].map((at) => `long-${at}`)
  for (const id of ids)
    record.put({ resourceType: 'Schedule', id, comment, actor: [{ reference: 'Practitioner/p' }] })
  record.put({ resourceType: 'Practitioner', id: 'p' })
  expect(record.bundle('Schedule?_count=5000').entry).toHaveLength(6)
  expect(record.ids('Schedule?_count=5000')).toEqual(ids)
  const overTypes = (cursor: [string, string][]): Answered =>
    JSON.parse(searchAt(record.store, [], [['_type', 'Schedule'], ...cursor], false) ?? '')
  const page = overTypes([])
  const url = page.link.find((link: Answered) => link.relation === 'next')?.url
  const rest = overTypes([['_cursor', new URL(url).searchParams.get('_cursor') ?? '']])
  expect([page, rest].map(({ entry }) => entry.map((one: Answered) => one.resource.id))).toEqual([
    ids.slice(0, 6),
    ids.slice(6),
  ])
  const modes = record
    .bundle('Practitioner?_revinclude=Schedule:actor')
    .entry.map((entry: Answered) => entry.search.mode)
  expect(modes).toEqual(['match', ...Array.from({ length: 6 }, () => 'include'), 'outcome'])
  record.close()
})
