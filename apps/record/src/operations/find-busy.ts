import { rangeOfDate } from '../fhir/dates.ts'
import { isObject, type Json, type JsonObject, parseBody } from '../fhir/json.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import { parseLocalReference } from '../fhir/references.ts'
import { BUSY_KIND } from '../parameters/busy.ts'
import type { Store } from '../store/store.ts'
import type { Answer } from '../writer/interaction.ts'
import type { Operation } from './operation.ts'

export const FIND_BUSY: Operation = {
  name: 'find-busy',
  definition: 'https://openward.example/fhir/OperationDefinition/Slot-find-busy',
  levels: ['type'],
  types: ['Slot'],
  methods: ['POST'],
  run: ({ organization, interaction }) => answerFindBusy(organization.reader, interaction.body ?? ''),
}

const MAX_REFERENCES = 1000
const TAKEN = `SELECT group_concat(lo || ',' || (hi - lo) || ',' || id, ';') AS text FROM busy WHERE o = ? AND k = ${BUSY_KIND.taken} AND lo >= ? AND lo < ?`
const LEAVE = `SELECT group_concat(lo || ',' || (hi - lo) || ',' || id, ';') AS text FROM busy WHERE o = ? AND k = ${BUSY_KIND.leave} AND lo < ? AND hi > ?`
const WHOLE = `SELECT res.body FROM res WHERE pk IN (
  SELECT b.r FROM json_each(?) AS owner CROSS JOIN busy AS b ON b.o = owner.value AND b.k = ? AND b.lo >= ? AND b.lo < ?)`

interface Question {
  schedules: string[]
  actors: string[]
  startMs: number
  endMs: number
}

/**
 * POST Slot/$find-busy: the busy time of many calendars at one moment, in few words. Taken time and leave come as text
 * `start,length,id;…` in milliseconds per Schedule, held Slots and Appointments without a Slot whole.
 */
function answerFindBusy(store: Store, body: string): Answer {
  const question = readQuestion(store, parseBody(body))
  return store.db.snapshot(() => {
    const parameter = [...calendars(store, question), ...whole(store, question)].join(',')
    const list = parameter === '' ? '' : `,"parameter":[${parameter}]`
    return { status: 200, body: `{"resourceType":"Parameters"${list}}` }
  })
}

/** References, ids and numbers hold nothing that JSON would escape. */
function calendars({ db }: Store, { schedules, startMs, endMs }: Question): string[] {
  return schedules.flatMap((schedule) => {
    const taken = db.get<{ text: string | null }>(TAKEN, schedule, startMs, endMs)?.text ?? ''
    const leave = db.get<{ text: string | null }>(LEAVE, schedule, endMs, startMs)?.text ?? ''
    if (taken === '' && leave === '') return []
    const parts = [`{"name":"schedule","valueReference":{"reference":"${schedule}"}}`]
    if (taken !== '') parts.push(`{"name":"taken","valueString":"${taken}"}`)
    if (leave !== '') parts.push(`{"name":"leave","valueString":"${leave}"}`)
    return [`{"name":"calendar","part":[${parts.join(',')}]}`]
  })
}

function whole({ db }: Store, { schedules, actors, startMs, endMs }: Question): string[] {
  const held = db.all<{ body: string }>(WHOLE, JSON.stringify(schedules), BUSY_KIND.held, startMs, endMs)
  const visits = db.all<{ body: string }>(
    WHOLE,
    JSON.stringify(actors),
    BUSY_KIND.visitWithoutSlot,
    startMs,
    endMs,
  )
  return [
    ...held.map((row) => `{"name":"held","resource":${row.body}}`),
    ...visits.map((row) => `{"name":"visit","resource":${row.body}}`),
  ]
}

function readQuestion({ base }: Store, body: JsonObject): Question {
  const list = body['parameter'] ?? []
  if (body['resourceType'] !== 'Parameters' || !Array.isArray(list))
    throw invalidRequest('The body must be Parameters.')
  const schedules = new Set<string>()
  const actors = new Set<string>()
  let startMs: number | undefined
  let endMs: number | undefined
  for (const one of list) {
    const name = isObject(one) ? one['name'] : undefined
    if (!isObject(one) || typeof name !== 'string')
      throw invalidRequest('A parameter has no name.', 'parameter')
    if (name === 'start') startMs = momentOf(one, name)
    else if (name === 'end') endMs = momentOf(one, name)
    else if (name === 'schedule') schedules.add(referenceOf(one['valueReference'], name, base))
    else if (name === 'actor') actors.add(referenceOf(one['valueReference'], name, base))
    else throw invalidRequest('There is a parameter that $find-busy does not take.', 'parameter')
  }
  if (schedules.size > MAX_REFERENCES || actors.size > MAX_REFERENCES)
    throw invalidRequest(`At most ${MAX_REFERENCES} schedules and actors are looked at at once.`, 'parameter')
  if (startMs === undefined || endMs === undefined || startMs >= endMs)
    throw invalidRequest('"start" and "end" must be instants, the start before the end.', 'parameter')
  return { schedules: [...schedules], actors: [...actors], startMs, endMs }
}

function momentOf(parameter: JsonObject, name: string): number {
  const value = parameter['valueInstant']
  const range = typeof value === 'string' ? rangeOfDate(value) : undefined
  if (range === undefined || range.lo !== range.hi)
    throw invalidRequest(`"${name}" must be an instant.`, name)
  return range.lo
}

function referenceOf(value: Json | undefined, name: string, base: string): string {
  const reference = isObject(value ?? null) ? (value as JsonObject)['reference'] : undefined
  const local = typeof reference === 'string' ? parseLocalReference(reference, base) : undefined
  if (local === undefined || (name === 'schedule' && local.type !== 'Schedule'))
    throw invalidRequest(`"${name}" must be a valueReference to what this server stores.`, name)
  return `${local.type}/${local.id}`
}
