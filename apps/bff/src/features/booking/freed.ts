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

/** Holds that ended without a booking, in the way of the time that is about to be taken. Nobody needs to have cleared them away. */
function expiredHoldsIn(state: CalendarState, { actors, spans, now }: Taken): Versioned<Appointment>[] {
  const ids = new Set<string>()
  for (const entry of actors.flatMap((actor) => state.book.get(actor) ?? [])) {
    if (entry.appointmentId !== undefined && spans.some((span) => touches(entry, span)))
      ids.add(entry.appointmentId)
  }
  return [...ids].flatMap((id) => {
    const appointment = state.appointments.get(id)
    return appointment !== undefined && isExpiredHold(appointment, now) ? [appointment] : []
  })
}

/** Time that is about to be taken, from whom. */
type Taken = { actors: readonly string[]; spans: readonly Interval[]; now: number }

/** What has to go for it: expired holds of anybody, and holds of the person themselves. */
export function holdsInTheWay(
  state: CalendarState,
  taken: Taken & { own: readonly Versioned<Appointment>[] },
): Versioned<Appointment>[] {
  const own = taken.own.filter(({ start, end }) => {
    const held = { startMs: Date.parse(start ?? ''), endMs: Date.parse(end ?? '') }
    return taken.spans.some((span) => touches(held, span))
  })
  return [...own, ...expiredHoldsIn(state, taken)]
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
