import { isObject, type JsonObject } from '../fhir/json.ts'
import { parseLocalReference } from '../fhir/references.ts'

/** Kinds of busy time in the table `busy`, as stored. */
export const BUSY_KIND = { taken: 0, held: 1, leave: 2, visitWithoutSlot: 3 } as const

/** o, k, lo, hi, id: whose time, what kind, from when until when, and what says so. */
export type BusyRow = [string, number, number, number, string]

const SLOT_KIND: ReadonlyMap<unknown, number> = new Map([
  ['busy', BUSY_KIND.taken],
  ['busy-tentative', BUSY_KIND.held],
  ['busy-unavailable', BUSY_KIND.leave],
])
const LIVE_VISITS: ReadonlySet<unknown> = new Set(['proposed', 'pending', 'booked', 'arrived', 'checked-in'])

/** What a resource says about somebody's time: a Slot that is not free, or a live Appointment that no Slot stands for. */
export function busyRows(
  resource: JsonObject,
  type: string,
  base: string,
  refsOf: (code: string) => readonly { id: string; type: string }[],
): BusyRow[] {
  if (type === 'Slot') return slotRows(resource, base)
  if (type !== 'Appointment' || !LIVE_VISITS.has(resource['status']) || refsOf('slot').length > 0) return []
  const startMs = momentOf(resource['start'])
  if (startMs === undefined) return []
  return refsOf('actor')
    .filter((actor) => actor.type !== '')
    .map((actor) => [
      `${actor.type}/${actor.id}`,
      BUSY_KIND.visitWithoutSlot,
      startMs,
      startMs,
      String(resource['id']),
    ])
}

function slotRows(slot: JsonObject, base: string): BusyRow[] {
  const kind = SLOT_KIND.get(slot['status'])
  const schedule = slot['schedule']
  const reference = isObject(schedule) ? schedule['reference'] : undefined
  const local = typeof reference === 'string' ? parseLocalReference(reference, base) : undefined
  const [startMs, endMs] = [momentOf(slot['start']), momentOf(slot['end'])]
  if (kind === undefined || local?.type !== 'Schedule' || startMs === undefined || endMs === undefined)
    return []
  return startMs < endMs ? [[`Schedule/${local.id}`, kind, startMs, endMs, String(slot['id'])]] : []
}

function momentOf(instant: unknown): number | undefined {
  const ms = typeof instant === 'string' ? Date.parse(instant) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}
