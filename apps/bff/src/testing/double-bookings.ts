import type { Appointment, Slot } from '@medplum/fhirtypes'
import type { FhirClient } from '@openward/fhir-client'

import { calendarActorsOf, isExpiredHold, isHold, isLive, slotIdsOf } from '#/features/booking/visit-state.ts'

export type Violation = { actor: string; visits: [string, string] }

function minutes(of: Appointment): { startMs: number; endMs: number } {
  return { startMs: Date.parse(of.start ?? ''), endMs: Date.parse(of.end ?? '') }
}

/** Every pair of live Appointments that take the same time from somebody. Empty is what the calendar protocol promises. */
export async function doubleBookings(
  fhir: FhirClient,
  actors: readonly string[],
  now = Date.now(),
): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const actor of actors) {
    const visits = (await fhir.searchAll('Appointment', { actor, _count: 1000 })).filter(
      (one) => isLive(one) && !isExpiredHold(one, now),
    )
    for (const [index, one] of visits.entries()) {
      for (const other of visits.slice(index + 1)) {
        const [a, b] = [minutes(one), minutes(other)]
        if (a.startMs < b.endMs && b.startMs < a.endMs) violations.push({ actor, visits: [one.id, other.id] })
      }
    }
  }
  return violations
}

/** What the Slots of these actors should be, and what they are: one line per Slot, buffers left out. */
export async function slotsAgainstVisits(
  fhir: FhirClient,
  actors: readonly string[],
): Promise<{ derived: string[]; stored: string[] }> {
  const derived = new Set<string>()
  const stored = new Set<string>()
  for (const actor of actors) {
    const schedules = await fhir.searchAll('Schedule', { actor })
    if (schedules.length === 0) continue
    const slots = await fhir.searchAll('Slot', {
      schedule: schedules.map(({ id }) => `Schedule/${id}`).join(','),
      _count: 1000,
    })
    for (const slot of slots)
      if (slot.status !== 'busy-unavailable') stored.add(lineOf(actor, slot.status, slot))
    const visits = await fhir.searchAll('Appointment', { actor, _count: 1000 })
    for (const visit of visits) {
      if (!isLive(visit) || !calendarActorsOf(visit).includes(actor)) continue
      if (slotIdsOf(visit).length === 0) continue
      derived.add(lineOf(actor, isHold(visit) ? 'busy-tentative' : 'busy', visit))
    }
  }
  return { derived: [...derived].sort(), stored: [...stored].sort() }
}

function lineOf(
  actor: string,
  status: Slot['status'],
  of: { start?: string | undefined; end?: string | undefined },
): string {
  return [actor, status, new Date(of.start ?? '').toISOString(), new Date(of.end ?? '').toISOString()].join(
    ' ',
  )
}
