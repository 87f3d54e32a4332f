import type { Slot } from '@medplum/fhirtypes'
import type { FhirClient } from '@openward/fhir-client'
import type { Interval } from '@openward/scheduling'

import { type BusyBook, busyEntries, type BusyEntry } from './busy-entries.ts'
import { startsTouching } from './busy-time.ts'
import { type Calendars, chunksOf, readCalendars } from './calendars.ts'
import { LIVE_STATUSES } from './visit-state.ts'

type Remembered = { versions: string; range: Interval; readAtMs: number; entries: readonly BusyEntry[] }

/** Visits that another system writes without touching the calendar show after so long. */
const MAX_AGE_MS = 60_000
const MAX_REMEMBERED = 20_000
/** Small enough that one part is read while the next is being written. */
const IDS_PER_BUSY_SEARCH = 50
const MANY = 50_000
const VISIT_FIELDS = 'status,start,end,participant,slot,extension'
const remembered = new Map<string, Remembered>()

type Starts = readonly string[]

/** The status is what was asked for, so it need not come along with each of many thousand Slots. */
async function readSlotsOf(fhir: FhirClient, calendars: Calendars, starts: Starts, signal: AbortSignal) {
  const ids = [...calendars.values()].flat().map(({ id }) => `Schedule/${id}`)
  const read = async (
    status: Slot['status'],
    chunk: readonly string[],
    start: Starts | string,
    more = '',
  ) => {
    const _elements = `schedule,start,end${more}`
    const query = { schedule: chunk.join(','), status, start, _elements, _count: MANY }
    const slots = await fhir.searchAll('Slot', query, { signal })
    return slots.map((slot): Slot => Object.assign(slot, { status }))
  }
  const pages = await Promise.all([
    ...chunksOf(ids, IDS_PER_BUSY_SEARCH).map((chunk) => read('busy', chunk, starts)),
    ...chunksOf(ids).map((chunk) => read('busy-tentative', chunk, starts, ',extension')),
    ...chunksOf(ids).map((chunk) => read('busy-unavailable', chunk, starts[1] ?? '')),
  ])
  return pages.flat()
}

/** Visits of clinicians and rooms are seen through their Slots; here are those without any, and all of a patient. */
async function readVisitsOf(
  fhir: FhirClient,
  actors: readonly string[],
  starts: Starts,
  signal: AbortSignal,
) {
  const common = { status: LIVE_STATUSES.join(','), date: starts, _elements: VISIT_FIELDS, _count: MANY }
  const patients = actors.filter((actor) => actor.startsWith('Patient/'))
  const others = actors.filter((actor) => !actor.startsWith('Patient/'))
  const pages = await Promise.all([
    ...chunksOf(others).map((chunk) =>
      fhir.searchAll('Appointment', { ...common, actor: chunk.join(','), 'slot:missing': true }, { signal }),
    ),
    ...chunksOf(patients).map((chunk) =>
      fhir.searchAll('Appointment', { ...common, actor: chunk.join(',') }, { signal }),
    ),
  ])
  return pages.flat()
}

async function readBusy(
  fhir: FhirClient,
  calendars: Calendars,
  actors: readonly string[],
  range: Interval,
  signal: AbortSignal,
): Promise<BusyBook> {
  const starts = startsTouching(range)
  const [slots, visits] = await Promise.all([
    readSlotsOf(fhir, calendars, starts, signal),
    readVisitsOf(fhir, actors, starts, signal),
  ])
  const everybody = new Map(actors.map((actor) => [actor, calendars.get(actor) ?? []]))
  return busyEntries(everybody, slots, visits)
}

function remember(key: string, one: Remembered): void {
  remembered.delete(key)
  remembered.set(key, one)
  for (const oldest of remembered.keys()) {
    if (remembered.size <= MAX_REMEMBERED) break
    remembered.delete(oldest)
  }
}

/**
 * Busy time for looking around. A calendar's version changes whenever its busy time does, so what was read for a version holds for it: only the versions
 * are asked for each time.
 */
export async function readBusyTime(
  fhir: FhirClient,
  actors: readonly string[],
  range: Interval,
  signal: AbortSignal,
): Promise<BusyBook> {
  const calendars = await readCalendars(fhir, actors, signal)
  const nowMs = Date.now()
  const book = new Map<string, readonly BusyEntry[]>()
  const unknown: string[] = []
  const versionsOf = (actor: string) =>
    (calendars.get(actor) ?? []).map(({ id, meta }) => `${id}/${meta.versionId}`).join(' ')
  for (const actor of new Set(actors)) {
    const known = remembered.get(`${fhir.baseUrl} ${actor}`)
    const holds =
      known !== undefined &&
      known.versions === versionsOf(actor) &&
      nowMs - known.readAtMs < MAX_AGE_MS &&
      known.range.startMs <= range.startMs &&
      range.endMs <= known.range.endMs
    if (holds) book.set(actor, known.entries)
    else unknown.push(actor)
  }
  if (unknown.length === 0) return book
  const part = new Map(
    unknown.flatMap((actor) => {
      const schedules = calendars.get(actor)
      return schedules === undefined ? [] : [[actor, schedules] as const]
    }),
  )
  const read = await readBusy(fhir, part, unknown, range, signal)
  for (const actor of unknown) {
    const entries = read.get(actor) ?? []
    book.set(actor, entries)
    remember(`${fhir.baseUrl} ${actor}`, { versions: versionsOf(actor), range, readAtMs: nowMs, entries })
  }
  return book
}
