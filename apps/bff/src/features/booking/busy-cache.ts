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
const IDS_PER_BUSY_SEARCH = 50
const SLOT_FIELDS = 'schedule,status,start,end,extension'
const VISIT_FIELDS = 'status,start,end,participant,slot,extension'
const remembered = new Map<string, Remembered>()

async function readSlotsOf(
  fhir: FhirClient,
  calendars: Calendars,
  starts: readonly string[],
  signal: AbortSignal,
) {
  const ids = [...calendars.values()].flat().map(({ id }) => `Schedule/${id}`)
  const pages = chunksOf(ids, IDS_PER_BUSY_SEARCH).flatMap((chunk) => {
    const query = { schedule: chunk.join(','), _elements: SLOT_FIELDS, _count: 1000 }
    return [
      fhir.searchAll('Slot', { ...query, status: 'busy,busy-tentative', start: starts }, { signal }),
      fhir.searchAll('Slot', { ...query, status: 'busy-unavailable', start: starts[1] }, { signal }),
    ]
  })
  return (await Promise.all(pages)).flat()
}

async function readVisitsOf(
  fhir: FhirClient,
  actors: readonly string[],
  starts: readonly string[],
  signal: AbortSignal,
) {
  const pages = chunksOf(actors, IDS_PER_BUSY_SEARCH).map((chunk) =>
    fhir.searchAll(
      'Appointment',
      {
        actor: chunk.join(','),
        status: LIVE_STATUSES.join(','),
        date: starts,
        _elements: VISIT_FIELDS,
        _count: 1000,
      },
      { signal },
    ),
  )
  return (await Promise.all(pages)).flat()
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
