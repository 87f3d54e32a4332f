import type { Appointment, Slot } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import type { Interval } from '@openward/scheduling'

import type { OperationContext } from '#/lib/operation.ts'

import { readSlots } from './busy-time.ts'
import type { CalendarState } from './calendar.ts'
import type { CalendarWrites } from './calendar-writes.ts'
import { NO_CACHE } from './calendars.ts'
import { calendarActorsOf, isExpiredHold, isHold, slotIdsOf } from './visit-state.ts'

/** Every hold of a person that is still stored, expired or not, whenever it is. */
export async function readHoldsOf(
  context: OperationContext,
  patient: string,
): Promise<Versioned<Appointment>[]> {
  const pending = await context.fhir.searchAll(
    'Appointment',
    { patient, status: 'pending', _count: 100 },
    { signal: context.signal, headers: NO_CACHE },
  )
  return pending.filter(isHold)
}

function touches(of: Interval, span: Interval): boolean {
  return of.startMs < span.endMs && span.startMs < of.endMs
}

/** Time that is about to be taken, from whom. */
type Taken = { actors: readonly string[]; spans: readonly Interval[]; now: number }

/** What takes this time from one of these actors now, buffers and all, by the ids of Appointments and of Slots. */
function inTheWayOf(state: CalendarState, { actors, spans }: Taken): Set<string> {
  const ids = new Set<string>()
  for (const entry of actors.flatMap((actor) => state.book.get(actor) ?? [])) {
    if (!spans.some((span) => touches(entry, span))) continue
    if (entry.appointmentId !== undefined) ids.add(entry.appointmentId)
    if (entry.slotId !== undefined) ids.add(entry.slotId)
  }
  return ids
}

/** What has to go for it: holds of anybody that ended without a booking and that nobody has cleared away, and holds of the person themselves. */
export function holdsInTheWay(
  state: CalendarState,
  taken: Taken & { own: readonly Versioned<Appointment>[] },
): Versioned<Appointment>[] {
  const ids = inTheWayOf(state, taken)
  const own = taken.own.filter((hold) => [hold.id, ...slotIdsOf(hold)].some((id) => ids.has(id)))
  const expired = [...state.appointments.values()].filter(
    (one) => ids.has(one.id) && isExpiredHold(one, taken.now),
  )
  return [...own, ...expired]
}

/** The Slots of these Appointments, as far as they exist. */
export async function slotsOf(
  context: OperationContext,
  state: Pick<CalendarState, 'slots'>,
  appointments: readonly Appointment[],
): Promise<Versioned<Slot>[]> {
  const ids = [...new Set(appointments.flatMap(slotIdsOf))]
  const unread = ids.filter((id) => !state.slots.has(id))
  const read = unread.length === 0 ? [] : await readSlots(context.fhir, unread, context.signal)
  return [...ids.flatMap((id) => state.slots.get(id) ?? []), ...read]
}

/** The Appointment without its Slots, cancelled. Who cancelled a visit, and why, is for the caller to add. */
export function withoutTime<T extends Appointment>(appointment: T): T {
  const { slot: _freed, ...rest } = appointment
  return { ...rest, status: 'cancelled' } as T
}

/** Everybody whose calendar must be locked to free the time of a hold that still counts. */
export function actorsToFree(appointments: readonly Appointment[], now: number): string[] {
  return appointments.filter((one) => !isExpiredHold(one, now)).flatMap(calendarActorsOf)
}

/**
 * Clears holds away in the same transaction: those of the person who books (one hold at a time), and expired ones in the way.
 * False when a calendar they are in was not read: look again.
 */
export async function clearHolds(
  context: OperationContext,
  state: CalendarState,
  writes: CalendarWrites,
  holds: readonly Versioned<Appointment>[],
): Promise<boolean> {
  const actors = actorsToFree(holds, context.now())
  if (actors.some((actor) => !state.calendars.has(actor))) return false
  writes.lock(state.calendars, actors)
  const unique = [...new Map(holds.map((hold) => [hold.id, hold])).values()]
  for (const hold of unique) writes.updateHold(withoutTime(hold))
  for (const slot of await slotsOf(context, state, unique)) writes.deleteSlot(slot)
  return true
}
