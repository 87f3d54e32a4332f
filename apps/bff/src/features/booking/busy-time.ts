import type { Appointment, Slot } from '@medplum/fhirtypes'
import type { FhirClient, Versioned } from '@openward/fhir-client'
import type { Interval } from '@openward/scheduling'

import { type BusyBook, busyEntries } from './busy-entries.ts'
import { type Calendars, chunksOf, NO_CACHE } from './calendars.ts'
import { LIVE_STATUSES } from './visit-state.ts'

/** Searches know starts only: nothing but leave lasts longer than this. */
export const LONGEST_VISIT_MS = 24 * 3_600_000

export type FreshBusyTime = {
  book: BusyBook
  slots: ReadonlyMap<string, Versioned<Slot>>
  appointments: ReadonlyMap<string, Versioned<Appointment>>
}

function byId<T extends { id: string }>(all: readonly T[]): Map<string, T> {
  return new Map(all.map((one) => [one.id, one]))
}

export function startsTouching(range: Interval): string[] {
  return [
    `ge${new Date(range.startMs - LONGEST_VISIT_MS).toISOString()}`,
    `lt${new Date(range.endMs).toISOString()}`,
  ]
}

/** Everything that takes time from these calendars around a range, whole and as stored now: for deciding. Read it after the calendars. */
export async function readBusyTimeNow(
  fhir: FhirClient,
  calendars: Calendars,
  range: Interval,
  signal: AbortSignal,
): Promise<FreshBusyTime> {
  const options = { signal, headers: NO_CACHE }
  const starts = startsTouching(range)
  // the buffer of a visit may reach into the range from a visit that begins after it
  const visitStarts = startsTouching({ ...range, endMs: range.endMs + LONGEST_VISIT_MS })
  const schedules = chunksOf([...calendars.values()].flat().map(({ id }) => `Schedule/${id}`))
  const actors = chunksOf([...calendars.keys()])
  const [visits, leave, appointments] = await Promise.all([
    Promise.all(
      schedules.map((chunk) => {
        const query = {
          schedule: chunk.join(','),
          status: 'busy,busy-tentative',
          start: starts,
          _count: 1000,
        }
        return fhir.searchAll('Slot', query, options)
      }),
    ),
    Promise.all(
      schedules.map((chunk) => {
        const query = {
          schedule: chunk.join(','),
          status: 'busy-unavailable',
          start: starts[1],
          _count: 1000,
        }
        return fhir.searchAll('Slot', query, options)
      }),
    ),
    Promise.all(
      actors.map((chunk) => {
        const query = {
          actor: chunk.join(','),
          status: LIVE_STATUSES.join(','),
          date: visitStarts,
          _count: 1000,
        }
        return fhir.searchAll('Appointment', query, options)
      }),
    ),
  ])
  const slots = byId([...visits.flat(), ...leave.flat()])
  const live = byId(appointments.flat())
  return { book: busyEntries(calendars, [...slots.values()], [...live.values()]), slots, appointments: live }
}

/** The Slots that Appointments point to, wherever they are. */
export async function readSlots(
  fhir: FhirClient,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Versioned<Slot>[]> {
  const pages = await Promise.all(
    chunksOf([...new Set(ids)]).map((chunk) =>
      fhir.searchAll('Slot', { _id: chunk.join(','), _count: 1000 }, { signal, headers: NO_CACHE }),
    ),
  )
  return pages.flat()
}
