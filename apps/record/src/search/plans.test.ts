import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSearchFixture } from '../testing/search-fixture.ts'
import type { TestStore } from '../testing/store.ts'
import { writeCursor } from './cursor.ts'
import { parseSearch } from './parse.ts'
import { dateWalk, planSearch } from './plan.ts'
import type { SearchRequest } from './request.ts'
import { pageSql } from './sql.ts'

let record: TestStore

beforeAll(() => {
  record = openSearchFixture()
})
afterAll(() => record.close())

function readRequest(query: string): SearchRequest {
  const [type = '', criteria = ''] = query.split(/\?(.*)/s)
  return parseSearch({ type, path: type, compartment: undefined }, [...new URLSearchParams(criteria)], false)
}

/** What the database will do, one step each. */
function stepsOf(query: string): string[] {
  const request = readRequest(query)
  const plan = planSearch(record.store, request)
  const { sql, args } = pageSql(record.store, dateWalk(record.store, plan, request)?.plan ?? plan, request)
  return record.store.db
    .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...args)
    .map((row) => row.detail)
}

const after = (...keys: (string | number)[]) => `_cursor=${writeCursor(keys)}`

const USUAL = [
  'Patient?name=nun',
  'Patient?family:exact=Nunez',
  'Patient?identifier=urn:mrn|1',
  'Patient?identifier:of-type=urn:t|MR|1',
  'Patient?_id=p1,p2',
  'Patient?birthdate=1980',
  'Patient?name=nun&gender:not=male',
  'Patient?name=nun&general-practitioner:missing=true',
  'Patient?_tag=urn:t|vip',
  'Patient?_list=x',
  'Patient?_has:Appointment:patient:status=booked',
  'Patient?_has:Observation:patient:code=1234-5&gender=male',
  'Practitioner?_has:Appointment:actor:_id=a3',
  'Patient?_sort=-_lastUpdated',
  'Appointment?actor=Practitioner/d1&date=ge2026-03-01&status=booked',
  'Appointment?actor=Practitioner/d1&_sort=-date',
  `Appointment?actor=Practitioner/d1&_sort=-date&${after(1, 5)}`,
  'Appointment?patient.family=nunez&status=booked',
  'Observation?patient=Patient/p1&category=vital-signs&_sort=-date',
  'Observation?code:text=glucose',
  'Observation?_sort=-date',
  'Observation?_sort=date',
  'Observation?_sort=-date&date=lt2026-01-15&status=final',
  `Observation?_sort=date&${after(1, 5)}`,
  `Observation?status=final&${after(5)}`,
  'Observation?code-value-quantity=8302-2$gt1',
  'Observation?component-code-value-quantity=8302-2$gt1',
  'Observation?combo-code-value-quantity=8302-2$gt1',
  'Observation?combo-code-value-quantity=8302-2$gt1,8480-6$gt140',
  'Patient?identifier:of-type=urn:t|MR|1,urn:t|MR|2',
  'Observation?patient=Patient/p1&value-quantity=gt1',
  'Observation?patient=Patient/p1&_sort=value-quantity',
  'Observation?patient=Patient/p1&_sort=code,-status',
  'Location?near=42|-71|5',
  'ValueSet?url=http://example.org/vs',
  'ValueSet?url:below=http://example.org',
  'RiskAssessment?probability=gt0.1&patient=Patient/p1',
]

test.each(USUAL)('%s reads no table from end to end', (query) => {
  const steps = stepsOf(query)
  expect(steps.length).toBeGreaterThan(2)
  // Subqueries of our own are read whole: they hold what was found already.
  expect(steps.filter((step) => step.startsWith('SCAN') && !/^SCAN [fgmx]$/.test(step))).toEqual([])
})

test.each(USUAL)('%s reads no index of a whole type without saying what in it', (query) => {
  const wholes = stepsOf(query).filter((step) => /\((p|rt)=\?( AND del=\?)?\)$/.test(step))
  const expected = WHOLE[query] ?? []
  expect(wholes.map((step) => step.replace(/^SEARCH \w+ (EXISTS )?USING /, ''))).toEqual(expected)
})

/** Walks in the order of the answer, which stop at its limit, and amounts, whose index is one of beginnings. */
const WHOLE: Record<string, string[]> = {
  'Patient?_sort=-_lastUpdated': ['COVERING INDEX res_updated (rt=? AND del=?)'],
  'Observation?_sort=-date': ['PRIMARY KEY (p=?)'],
  'Observation?_sort=date': ['PRIMARY KEY (p=?)'],
}

test.each([
  'Appointment?actor=Practitioner/d1&_sort=-date',
  `Appointment?actor=Practitioner/d1&_sort=-date&${after(1, 5)}`,
  'Observation?patient=Patient/p1&category=vital-signs&_sort=-date',
  'Observation?_sort=-date',
  'Observation?_sort=date',
  `Observation?_sort=date&${after(1, 5)}`,
  'Patient?_sort=-_lastUpdated',
  `Observation?status=final&${after(5)}`,
])('%s walks in the order of the answer and sorts nothing', (query) => {
  expect(stepsOf(query).filter((step) => step.includes('ORDER BY'))).toEqual([])
})

test('the worked query in docs/record.md is the one that is asked', () => {
  const docs = readFileSync(new URL('../../../../docs/record.md', import.meta.url), 'utf8')
  const [, url = ''] = /GET \/openward\/(\S+)/.exec(docs) ?? []
  const [, written = ''] = /```sql\n(.*?)```/s.exec(docs) ?? []
  const request = readRequest(url)
  const { sql, args } = pageSql(record.store, planSearch(record.store, request), request)
  const values = args.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
  const asked = sql.replace(/\?/g, () => values.shift() ?? '')
  expect(plain(written)).toBe(plain(asked))
})

/** Without layout, and without the numbers of parameters, which differ from file to file. */
function plain(sql: string): string {
  return sql
    .replace(/\.p = \d+/g, '.p = N')
    .replace(/\s+/g, ' ')
    .replace(/([(,]) | (?=\))/g, '$1')
    .trim()
}
