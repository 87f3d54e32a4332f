import type { Appointment, Slot } from '@medplum/fhirtypes'
import type { FhirClient, Versioned } from '@openward/fhir-client'
import type { Interval } from '@openward/scheduling'

import type { BusyFound } from './busy-entries.ts'
import { type Calendars, chunksOf } from './calendars.ts'
import { LIVE_STATUSES } from './visit-state.ts'

/** Small enough that one part is read while the next is being written. */
const IDS_PER_BUSY_SEARCH = 50
/** What servers with a limit allow; more comes on further pages. */
const MANY = 1_000
const VISIT_FIELDS = 'status,start,end,participant,slot,extension'

function startsWithin(window: Interval): string[] {
  return [`ge${new Date(window.startMs).toISOString()}`, `lt${new Date(window.endMs).toISOString()}`]
}

/** The Slots that take time of these calendars. The status is what was asked for, so it need not come along with each of many thousand. */
async function searchSlots(
  fhir: FhirClient,
  calendars: Calendars,
  window: Interval,
  signal: AbortSignal,
): Promise<Slot[]> {
  const ids = [...calendars.values()].flat().map(({ id }) => `Schedule/${id}`)
  const starts = startsWithin(window)
  const read = async (
    status: Slot['status'],
    chunk: readonly string[],
    start: readonly string[],
    more = '',
  ) => {
    const _elements = `schedule,start,end${more}`
    const query = { schedule: chunk.join(','), status, start, _elements, _count: MANY }
    const slots = await fhir.searchAll('Slot', query, { signal })
    return slots.map((slot): Slot => Object.assign(slot, { status }))
  }
  const readLeave = async (chunk: readonly string[]) => {
    const begun = await read('busy-unavailable', chunk, starts.slice(1))
    return begun.filter(({ end }) => Date.parse(end) > window.startMs)
  }
  const pages = await Promise.all([
    ...chunksOf(ids, IDS_PER_BUSY_SEARCH).map((chunk) => read('busy', chunk, starts)),
    ...chunksOf(ids).map((chunk) => read('busy-tentative', chunk, starts, ',extension')),
    ...chunksOf(ids).map(readLeave),
  ])
  return pages.flat()
}

/** The live visits of these actors; of those seen through their Slots, only the ones without any. */
export async function searchVisits(
  fhir: FhirClient,
  actors: readonly string[],
  window: Interval,
  signal: AbortSignal,
  isWithoutSlots = false,
): Promise<Versioned<Appointment>[]> {
  const query = {
    status: LIVE_STATUSES.join(','),
    date: startsWithin(window),
    _elements: VISIT_FIELDS,
    _count: MANY,
    ...(isWithoutSlots ? { 'slot:missing': true } : {}),
  }
  const pages = await Promise.all(
    chunksOf(actors).map((chunk) =>
      fhir.searchAll('Appointment', { ...query, actor: chunk.join(',') }, { signal }),
    ),
  )
  return pages.flat()
}

/** Busy time as any FHIR server can tell it. */
export async function searchBusy(
  fhir: FhirClient,
  calendars: Calendars,
  actors: readonly string[],
  window: Interval,
  signal: AbortSignal,
): Promise<BusyFound> {
  const [slots, visits] = await Promise.all([
    searchSlots(fhir, calendars, window, signal),
    searchVisits(fhir, actors, window, signal, true),
  ])
  return { slots, visits, compact: [] }
}
