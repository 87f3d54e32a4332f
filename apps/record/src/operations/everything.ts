import { BEGINNING, END } from '../fhir/dates.ts'
import { invalidRequest, notFound, Refusal } from '../fhir/outcome.ts'
import { readCursor, writeCursor } from '../search/cursor.ts'
import type { SqlValue } from '../store/database.ts'
import { findResource, type Store, type StoredResource } from '../store/store.ts'
import { careDateParameters, type Compartment, compartmentParameters } from './compartment.ts'
import type { Operation, OperationAnswer, OperationCall } from './operation.ts'
import {
  operationPairs,
  readInstant,
  readTime,
  readTypes,
  readWhole,
  unknownParameter,
} from './parameters.ts'
import { collectReferences, localReferences } from './references.ts'

export const PATIENT_EVERYTHING: Operation = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  levels: ['instance'],
  types: ['Patient'],
  methods: ['GET', 'POST'],
  run: (call) => answerEverything(call, 'Patient'),
}

export const ENCOUNTER_EVERYTHING: Operation = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Encounter-everything',
  levels: ['instance'],
  types: ['Encounter'],
  methods: ['GET', 'POST'],
  run: (call) => answerEverything(call, 'Encounter'),
}

const DEFAULT_COUNT = 1000
const MAX_COUNT = 5000
/** A page ends earlier when its resources are long. */
const MAX_PAGE_CHARACTERS = 16_000_000
/** Stands for the number of the person or the visit itself, which comes first. */
const FOCUS = -1

interface Question {
  types: Set<string> | undefined
  sinceMs: number | undefined
  care: { fromMs: number; untilMs: number } | undefined
  count: number
  /** The number of the last resource of the page before. */
  after: number | undefined
  used: [string, string][]
}

interface Row {
  pk: number
  rt: string
  id: string
  body: string
}

/**
 * `Patient/[id]/$everything`: what is in the compartment, in the order of first storing, so that writes between two
 * pages neither hide nor repeat anything; and with each page what it refers to and is nobody's own.
 */
function answerEverything(call: OperationCall, compartment: Compartment): OperationAnswer {
  const store = call.organization.reader
  const id = call.id ?? ''
  const question = readQuestion(call, operationPairs(call))
  return store.db.snapshot(() => {
    const focus = findResource(store, compartment, id)
    if (focus === undefined) throw notFound()
    if (focus.isDeleted) throw new Refusal(410, 'deleted', 'The resource was deleted.')
    return { status: 200, body: page(store, compartment, id, focus, question) }
  })
}

function page(
  store: Store,
  compartment: Compartment,
  id: string,
  focus: StoredResource,
  question: Question,
): string {
  const rows = members(store, compartment, id, focus, question)
  let characters = 0
  const fitting = rows.findIndex((row) => (characters += row.body.length) > MAX_PAGE_CHARACTERS)
  const size = Math.min(question.count, fitting < 0 ? rows.length : Math.max(fitting, 1))
  const shownRows = rows.slice(0, size)
  const subject = compartment === 'Patient' ? id : subjectOf(store, focus.pk)
  const supporting = supportingRows(store, compartment, id, subject, shownRows, question)
  const last = shownRows.at(-1)
  const address = (cursor?: string) => {
    const query = new URLSearchParams([
      ...question.used,
      ...(cursor === undefined ? [] : [['_cursor', cursor]]),
    ])
    return `${store.base}/${compartment}/${id}/$everything${query.size === 0 ? '' : `?${query.toString()}`}`
  }
  const hasMore = rows.length > size && last !== undefined
  const links = [{ relation: 'self', url: address() }]
  if (hasMore) links.push({ relation: 'next', url: address(writeCursor([last.pk])) })
  const isWhole = question.after === undefined && !hasMore
  const entries = [
    ...shownRows.map((row) => entryOf(store, row, 'match')),
    ...supporting.map((row) => entryOf(store, row, 'include')),
  ]
  const total = isWhole ? `,"total":${shownRows.length}` : ''
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`
  return `{"resourceType":"Bundle","type":"searchset"${total},"link":${JSON.stringify(links)}${entry}}`
}

function entryOf(store: Store, row: Row, mode: string): string {
  return `{"fullUrl":"${store.base}/${row.rt}/${row.id}","resource":${row.body},"search":{"mode":"${mode}"}}`
}

/**
 * The numbers first, without their bodies: a chart may hold a hundred thousand resources. With the plus in `+d.p`, dates
 * are looked up per resource; without it, all dates of the time asked for would be read for each.
 */
function members(
  store: Store,
  compartment: Compartment,
  id: string,
  focus: StoredResource,
  question: Question,
): Row[] {
  const { types, sinceMs, care, count, after } = question
  const parameters = JSON.stringify(compartmentParameters(store, compartment, types))
  const conditions = ['x.i = ?', 'x.t = ?', 'x.r <> ?', 'x.r > ?']
  const args: SqlValue[] = [parameters, id, compartment, focus.pk, Math.max(after ?? 0, 0)]
  if (sinceMs !== undefined) {
    conditions.push('(SELECT s.upd FROM res s WHERE s.pk = x.r) >= ?')
    args.push(sinceMs)
  }
  if (care !== undefined) {
    const dates = JSON.stringify(careDateParameters(store))
    conditions.push(
      `(EXISTS (SELECT 1 FROM ix_date d WHERE d.r = x.r AND +d.p IN (SELECT value FROM json_each(?)) AND d.lo <= ? AND d.hi >= ?)
        OR NOT EXISTS (SELECT 1 FROM ix_date d WHERE d.r = x.r AND +d.p IN (SELECT value FROM json_each(?))))`,
    )
    args.push(dates, care.untilMs, care.fromMs, dates)
  }
  const isFirst = after === undefined
  const hasFocus =
    isFirst && types?.has(compartment) !== false && (sinceMs === undefined || focus.updatedMs >= sinceMs)
  const rows = store.db.all<Row>(
    `SELECT res.pk AS pk, res.rt AS rt, res.id AS id, res.body AS body FROM (
       SELECT DISTINCT x.r AS r FROM json_each(?) AS p CROSS JOIN ix_ref AS x ON x.p = p.value
       WHERE ${conditions.join(' AND ')} ORDER BY x.r LIMIT ?) AS m CROSS JOIN res ON res.pk = m.r`,
    ...args,
    count + 1,
  )
  if (!hasFocus) return rows
  return [{ pk: FOCUS, rt: compartment, id, body: focus.body }, ...rows]
}

/** Whose visit it is. */
function subjectOf(store: Store, pk: number): string | undefined {
  const p = store.numbers.get('Encounter')?.get('subject') ?? -1
  return store.db.get<{ i: string }>("SELECT i FROM ix_ref WHERE r = ? AND p = ? AND t = 'Patient'", pk, p)?.i
}

/** What the page refers to: only what belongs to no other person, and is on no page of its own. */
function supportingRows(
  store: Store,
  compartment: Compartment,
  id: string,
  subject: string | undefined,
  rows: Row[],
  { types, sinceMs }: Question,
): Row[] {
  const texts = new Set<string>()
  for (const row of rows) collectReferences(row.body, texts)
  const wanted = localReferences(texts, store.base).filter(({ type }) => types?.has(type) !== false)
  return store.db.all<Row>(
    `SELECT res.pk AS pk, res.rt AS rt, res.id AS id, res.body AS body FROM json_each(?1) AS l
     CROSS JOIN res ON res.rt = l.value ->> 0 AND res.id = l.value ->> 1 AND res.del = 0
     WHERE res.upd >= ?2 AND NOT (res.rt = ?3 AND res.id = ?4) AND (res.rt <> 'Patient' OR res.id = ?5)
     AND NOT EXISTS (SELECT 1 FROM ix_ref o WHERE o.r = res.pk AND ((o.t = 'Patient' AND o.i <> ?5)
       OR (o.t = ?3 AND o.i = ?4 AND +o.p IN (SELECT value FROM json_each(?6)))))`,
    JSON.stringify(wanted.map((one) => [one.type, one.id])),
    sinceMs ?? BEGINNING,
    compartment,
    id,
    subject ?? '',
    JSON.stringify(compartmentParameters(store, compartment)),
  )
}

function readQuestion({ interaction }: OperationCall, pairs: [string, string][]): Question {
  const question: Question = {
    types: undefined,
    sinceMs: undefined,
    care: undefined,
    count: DEFAULT_COUNT,
    after: undefined,
    used: [],
  }
  const care = () => (question.care ??= { fromMs: BEGINNING, untilMs: END })
  for (const [name, value] of pairs) {
    if (name === '_format') continue
    if (name === 'start') care().fromMs = readTime(name, value).lo
    else if (name === 'end') care().untilMs = readTime(name, value).hi
    else if (name === '_since') question.sinceMs = readInstant(name, value)
    else if (name === '_type')
      question.types = new Set([...(question.types ?? []), ...readTypes(name, value)])
    else if (name === '_count') question.count = readWhole(name, value, MAX_COUNT)
    else if (name === '_cursor') question.after = readPlace(value)
    else if (!interaction.isLenient) throw unknownParameter(name, '$everything')
    else continue
    if (name !== '_cursor') question.used.push([name, value])
  }
  if (question.care !== undefined && question.care.fromMs > question.care.untilMs)
    throw invalidRequest('"start" must not be after "end".', 'start')
  return question
}

function readPlace(cursor: string): number {
  const [place] = readCursor(cursor, 1)
  if (typeof place !== 'number' || !Number.isSafeInteger(place) || place < FOCUS)
    throw invalidRequest('The page link is not valid for this operation.', '_cursor')
  return place
}
