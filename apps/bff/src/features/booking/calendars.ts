import { createHash } from 'node:crypto'

import type { Schedule } from '@medplum/fhirtypes'
import { type FhirClient, parseReference, type Versioned } from '@openward/fhir-client'

/** Everybody's calendars by their reference. Elsewhere one actor may have several: all of them are locked together. */
export type Calendars = ReadonlyMap<string, readonly Versioned<Schedule>[]>

export const NO_CACHE = { 'cache-control': 'no-cache' }
/** Ids joined in one search: long enough to be few, short enough for any server. */
const IDS_PER_SEARCH = 200

export function chunksOf<T>(all: readonly T[], size = IDS_PER_SEARCH): T[][] {
  const chunks: T[][] = []
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size))
  return chunks
}

/** The id under which a calendar is created on first need, the same for everybody who needs it at once. */
export function calendarId(actor: string): string {
  const parsed = parseReference(actor)
  if (parsed === undefined) throw new TypeError('A calendar needs a relative reference')
  const id = `calendar-${parsed.type.toLowerCase()}-${parsed.id}`
  if (id.length <= 64) return id
  return `calendar-${createHash('sha256').update(actor).digest('hex').slice(0, 48)}`
}

/** The calendars of these actors as they are stored now. Who has none is not in the answer. */
export async function readCalendars(
  fhir: FhirClient,
  actors: readonly string[],
  signal: AbortSignal,
): Promise<Calendars> {
  const pages = await Promise.all(
    chunksOf([...new Set(actors)]).map((chunk) =>
      fhir.searchAll('Schedule', { actor: chunk.join(','), _count: 1000 }, { signal, headers: NO_CACHE }),
    ),
  )
  const wanted = new Set(actors)
  const calendars = new Map<string, Versioned<Schedule>[]>()
  for (const schedule of pages.flat()) {
    for (const { reference } of schedule.actor) {
      if (reference === undefined || !wanted.has(reference)) continue
      const known = calendars.get(reference)
      if (known === undefined) calendars.set(reference, [schedule])
      else known.push(schedule)
    }
  }
  for (const [actor, schedules] of calendars) {
    const own = calendarId(actor)
    const rank = ({ id, active }: Schedule) => Number(active !== false) * 2 + Number(id === own)
    schedules.sort((a, b) => rank(b) - rank(a) || a.id.localeCompare(b.id))
  }
  return calendars
}

/** The calendar that time of this actor is written to; undefined when they have none that is in use. */
export function writableCalendar(calendars: Calendars, actor: string): Versioned<Schedule> | undefined {
  const [first] = calendars.get(actor) ?? []
  return first?.active === false ? undefined : first
}
