import type { Appointment, Slot } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import type { BusyTime } from '@openward/scheduling'

import type { Calendars } from './calendars.ts'
import { calendarActorsOf, heldUntilMs, isLive, patientOf, slotIdsOf } from './visit-state.ts'

/** Time that somebody's calendar has no room in, and why. */
export type BusyEntry = BusyTime & {
  /** From this moment on it is free again. */
  heldUntilMs?: number
  /** The Appointment that takes it; none for leave, and for Slots of another system. */
  appointmentId?: string
  /** The Slot that says so, by which an Appointment that was not read is recognised. */
  slotId?: string
  patient?: string
}

/** What a server says about some calendars: Slots that are not free, live visits, and time that it told in few words, by Schedule. */
export type BusyFound = {
  slots: Slot[]
  visits: Versioned<Appointment>[]
  compact: { schedule: string; entries: BusyEntry[] }[]
}

/** Busy time of everybody asked about, by reference. */
export type BusyBook = ReadonlyMap<string, readonly BusyEntry[]>

function kindOfSlot(slot: Slot): BusyTime['kind'] | undefined {
  switch (slot.status) {
    case 'busy':
      return 'taken'
    case 'busy-tentative':
      return 'held'
    case 'busy-unavailable':
      return 'leave'
    default:
      return undefined
  }
}

function slotEntry(slot: Slot, appointment: Versioned<Appointment> | undefined): BusyEntry | undefined {
  const kind = kindOfSlot(slot)
  const startMs = Date.parse(slot.start)
  const endMs = Date.parse(slot.end)
  if (kind === undefined || !(startMs < endMs)) return undefined
  const until = kind === 'held' ? (heldUntilMs(slot) ?? (appointment && heldUntilMs(appointment))) : undefined
  const entry: BusyEntry = { startMs, endMs, kind }
  if (slot.id !== undefined) entry.slotId = slot.id
  if (until !== undefined) entry.heldUntilMs = until
  return appointment === undefined ? entry : withVisit(entry, appointment)
}

function withVisit(entry: BusyEntry, appointment: Versioned<Appointment>): BusyEntry {
  const patient = patientOf(appointment)
  return { ...entry, appointmentId: appointment.id, ...(patient === undefined ? {} : { patient }) }
}

function appointmentEntry(appointment: Versioned<Appointment>): BusyEntry | undefined {
  const startMs = Date.parse(appointment.start ?? '')
  const endMs = Date.parse(appointment.end ?? '')
  if (!isLive(appointment) || !(startMs < endMs)) return undefined
  const until = appointment.status === 'pending' ? heldUntilMs(appointment) : undefined
  const entry: BusyEntry = { startMs, endMs, kind: appointment.status === 'pending' ? 'held' : 'taken' }
  if (until !== undefined) entry.heldUntilMs = until
  return withVisit(entry, appointment)
}

function withVisitOf(entry: BusyEntry, bySlot: ReadonlyMap<string, Versioned<Appointment>>): BusyEntry {
  const appointment = bySlot.get(entry.slotId ?? '')
  return appointment === undefined ? entry : withVisit(entry, appointment)
}

/** A server may write the reference with its own address, or with a version. */
function scheduleOf(slot: Slot): string {
  return (
    /(?:^|\/)(Schedule\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]*)?$/.exec(
      slot.schedule.reference ?? '',
    )?.[1] ?? ''
  )
}

/** Slots and Appointments put together by whose time they take: an Appointment counts with and without a Slot, a Slot whatever service it names. */
export function busyEntries(
  calendars: Calendars,
  slots: readonly Slot[],
  appointments: readonly Versioned<Appointment>[],
  compact: BusyFound['compact'] = [],
): BusyBook {
  const bySlot = new Map(appointments.flatMap((one) => slotIdsOf(one).map((id) => [id, one] as const)))
  const actorsOf = new Map<string, string[]>()
  const book = new Map<string, BusyEntry[]>()
  for (const [actor, schedules] of calendars) {
    book.set(actor, [])
    for (const { id } of schedules)
      actorsOf.set(`Schedule/${id}`, [...(actorsOf.get(`Schedule/${id}`) ?? []), actor])
  }
  for (const slot of slots) {
    const entry = slotEntry(slot, slot.id === undefined ? undefined : bySlot.get(slot.id))
    if (entry === undefined) continue
    for (const actor of actorsOf.get(scheduleOf(slot)) ?? []) book.get(actor)?.push(entry)
  }
  for (const { schedule, entries } of compact) {
    const known = bySlot.size === 0 ? entries : entries.map((entry) => withVisitOf(entry, bySlot))
    for (const actor of actorsOf.get(schedule) ?? []) book.set(actor, (book.get(actor) ?? []).concat(known))
  }
  for (const appointment of appointments) {
    const entry = appointmentEntry(appointment)
    if (entry === undefined) continue
    for (const actor of calendarActorsOf(appointment)) book.get(actor)?.push(entry)
  }
  return book
}

/** What counts as free for a question: by the ids of Appointments, and of Slots. */
export type Ignored = ReadonlySet<string>

/** What of it counts now: not expired holds, not the visits that are being moved or given up. */
export function busyNow(
  entries: readonly BusyEntry[] | undefined,
  of: { now: number; ignore?: Ignored; ignoreHoldsOf?: string | undefined },
): BusyEntry[] {
  return (entries ?? []).filter((entry) => {
    if (entry.heldUntilMs !== undefined && entry.heldUntilMs <= of.now) return false
    if (entry.appointmentId !== undefined && of.ignore?.has(entry.appointmentId)) return false
    if (entry.slotId !== undefined && of.ignore?.has(entry.slotId)) return false
    return !(
      entry.heldUntilMs !== undefined &&
      entry.patient !== undefined &&
      entry.patient === of.ignoreHoldsOf
    )
  })
}
