import { randomUUID } from 'node:crypto'

import type { Appointment, Bundle, Location, Resource, Schedule, Slot } from '@medplum/fhirtypes'
import {
  EXTENSION,
  parseReference,
  TransactionBuilder,
  type Versioned,
  withExtension,
} from '@openward/fhir-client'

import type { Calendars } from './calendars.ts'

export type StoredAppointment = Appointment & { id: string }

/** The writes of one change of calendars: nothing of it can be stored without its locks. */
export class CalendarWrites {
  readonly #transaction = new TransactionBuilder()
  readonly #locked = new Set<string>()
  /** Appointments by the place of their entry, as sent. */
  readonly #appointments = new Map<number, Appointment>()
  readonly #placeholders = new Map<string, number>()
  readonly #touched = new Set<string>()

  /**
   * Changes every calendar of these actors, under the condition that it is as it was read. The new revision makes it a change
   * for servers that drop updates without one. Who has no calendar has no time in one either.
   */
  lock(calendars: Calendars, actors: Iterable<string>): this {
    for (const actor of actors) {
      const schedules = calendars.get(actor)
      if (schedules === undefined) throw new TypeError('A calendar was not read before it was locked')
      for (const schedule of schedules) this.#lockOne(schedule)
    }
    return this
  }

  #lockOne(schedule: Versioned<Schedule>): void {
    if (this.#locked.has(schedule.id)) return
    this.#locked.add(schedule.id)
    this.#transaction.update(
      withExtension(schedule, EXTENSION.calendarRevision, { valueUuid: `urn:uuid:${randomUUID()}` }),
    )
  }

  createAppointment(appointment: Appointment): string {
    const index = this.#transaction.size
    const placeholder = this.#transaction.create(appointment)
    this.#appointments.set(index, appointment)
    this.#placeholders.set(placeholder, index)
    return placeholder
  }

  updateAppointment(appointment: Versioned<Appointment>): string {
    this.#touched.add(`Appointment/${appointment.id}`)
    this.#appointments.set(this.#transaction.size, appointment)
    this.#transaction.update(appointment)
    return `Appointment/${appointment.id}`
  }

  /** Uses up or clears away a hold: written like an Appointment, but no part of the answer. */
  updateHold(hold: Versioned<Appointment>): this {
    const reference = `Appointment/${hold.id}`
    if (this.#touched.has(reference)) return this
    this.#touched.add(reference)
    this.#transaction.update(hold)
    return this
  }

  createSlot(slot: Slot): string {
    const index = this.#transaction.size
    const placeholder = this.#transaction.create(slot)
    this.#placeholders.set(placeholder, index)
    return placeholder
  }

  /** Gives the time of a Slot back. The same Slot may be named twice. */
  deleteSlot(slot: Versioned<Slot>): this {
    const reference = `Slot/${slot.id}`
    if (this.#touched.has(reference)) return this
    this.#touched.add(reference)
    this.#transaction.delete({ resourceType: 'Slot', id: slot.id, versionId: slot.meta.versionId })
    return this
  }

  /** Writes a site whose opening times change along with the calendars. */
  updateLocation(location: Versioned<Location>): this {
    this.#transaction.update(location)
    return this
  }

  /** A resource that there can be once only: the whole fails when its id is taken. */
  createOnce(resource: Resource & { id: string }): this {
    this.#transaction.createWithId(resource)
    return this
  }

  /** The calendars that these writes change. */
  get locked(): readonly string[] {
    return [...this.#locked]
  }

  create(resource: Resource): this {
    this.#transaction.create(resource)
    return this
  }

  toTransaction(): TransactionBuilder {
    return this.#transaction
  }

  /** The Appointments of the transaction as its answer says they are stored. */
  storedAppointments(answer: Bundle): StoredAppointment[] {
    const stored: StoredAppointment[] = []
    for (const [index, sent] of this.#appointments) {
      const response = answer.entry?.[index]?.response
      const id = sent.id ?? referenceIn(response?.location)?.id
      if (id === undefined) throw new TypeError('The answer to a transaction names no location')
      const versionId = /^W\/"(.+)"$/.exec(response?.etag ?? '')?.[1]
      stored.push({
        ...sent,
        id,
        meta: {
          ...sent.meta,
          ...(versionId === undefined ? {} : { versionId }),
          ...(response?.lastModified === undefined ? {} : { lastUpdated: response.lastModified }),
        },
        ...(sent.slot === undefined
          ? {}
          : {
              slot: sent.slot.map(({ reference = '' }) => ({ reference: this.resolved(answer, reference) })),
            }),
      })
    }
    return stored
  }

  /** The reference under which the entry behind a placeholder is stored. */
  resolved(answer: Bundle, reference: string): string {
    const index = this.#placeholders.get(reference)
    const location = index === undefined ? undefined : answer.entry?.[index]?.response?.location
    const parsed = referenceIn(location)
    return parsed === undefined ? reference : `${parsed.type}/${parsed.id}`
  }
}

/** A location may be absolute or relative, and end with its version. */
function referenceIn(location: string | undefined): ReturnType<typeof parseReference> {
  const match = /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(
    location ?? '',
  )
  return parseReference(match?.[1])
}
