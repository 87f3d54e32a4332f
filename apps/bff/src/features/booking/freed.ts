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

/** Holds that ended without a booking, in the way of the time that is about to be taken. Nobody needs to have cleared them away. */
export function expiredHoldsIn(
  state: CalendarState,
  actors: readonly string[],
  range: Interval,
  now: number,
): Versioned<Appointment>[] {
  const ids = new Set<string>()
  for (const actor of actors) {
    for (const entry of state.book.get(actor) ?? []) {
      const touches = entry.startMs < range.endMs && range.startMs < entry.endMs
      if (touches && entry.appointmentId !== undefined) ids.add(entry.appointmentId)
    }
  }
  return [...ids].flatMap((id) => {
    const appointment = state.appointments.get(id)
    return appointment !== undefined && isExpiredHold(appointment, now) ? [appointment] : []
  })
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
