import type { FhirClient } from '@openward/fhir-client'
import type { Interval } from '@openward/scheduling'

import { findBusy } from './busy-compact.ts'
import { type BusyBook, busyEntries, type BusyEntry } from './busy-entries.ts'
import { searchBusy, searchVisits } from './busy-searches.ts'
import { LONGEST_VISIT_MS } from './busy-time.ts'
import { type Calendars, readCalendars } from './calendars.ts'

type Remembered = { versions: string; range: Interval; readAtMs: number; entries: readonly BusyEntry[] }

/** Visits that another system writes without touching the calendar show after so long. */
const MAX_AGE_MS = 60_000
const MAX_REMEMBERED = 20_000
const remembered = new Map<string, Remembered>()

async function readBusy(
  fhir: FhirClient,
  calendars: Calendars,
  actors: readonly string[],
  range: Interval,
  signal: AbortSignal,
): Promise<BusyBook> {
  // buffers reach out of the range, and what begins before it reaches in
  const window = { startMs: range.startMs - LONGEST_VISIT_MS, endMs: range.endMs + LONGEST_VISIT_MS }
  const patients = actors.filter((actor) => actor.startsWith('Patient/'))
  const others = actors.filter((actor) => !actor.startsWith('Patient/'))
  const [busy, own] = await Promise.all([
    findBusy(fhir, calendars, others, window, signal).then(
      (found) => found ?? searchBusy(fhir, calendars, others, window, signal),
    ),
    searchVisits(fhir, patients, window, signal),
  ])
  const visits = new Map([...busy.visits, ...own].map((visit) => [visit.id, visit]))
  const everybody = new Map(actors.map((actor) => [actor, calendars.get(actor) ?? []]))
  return busyEntries(everybody, busy.slots, [...visits.values()], busy.compact)
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
