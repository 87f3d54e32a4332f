import type { Appointment, Schedule, Slot } from '@medplum/fhirtypes'
import {
  EXTENSION,
  FhirClient,
  fetchTransport,
  getExtension,
  TransactionBuilder,
  type Versioned,
} from '@openward/fhir-client'

import { readFlowSettings } from './env.ts'

export const ORGANIZATION = 'openward'

/** The record itself, beside the BFF: only for making and inspecting the state of a flow. */
export function recordClient(): FhirClient {
  const { fhirBaseUrl, fhirToken } = readFlowSettings()
  const baseUrl = fhirBaseUrl.replace('{organization}', ORGANIZATION)
  return new FhirClient(
    fetchTransport({ baseUrl, headers: () => ({ authorization: `Bearer ${fhirToken}` }) }),
  )
}

/** Every Appointment of a patient as it is stored, holds and cancelled ones included, soonest first. */
export async function appointmentsOf(patientId: string): Promise<Versioned<Appointment>[]> {
  return recordClient().searchAll('Appointment', { patient: `Patient/${patientId}`, _sort: 'date' })
}

/** The visits of a patient that are booked. */
export async function bookedOf(patientId: string): Promise<Versioned<Appointment>[]> {
  const all = await appointmentsOf(patientId)
  return all.filter(({ status }) => status === 'booked')
}

/** Times of a clinician that are taken or held. */
export async function busyTimesOf(clinicianId: string): Promise<Versioned<Slot>[]> {
  const all = await recordClient().searchAll('Slot', {
    schedule: `Schedule/calendar-practitioner-${clinicianId}`,
  })
  return all.filter(({ status }) => status !== 'free')
}

function changed(calendar: Versioned<Schedule>): Versioned<Schedule> {
  const others = (calendar.extension ?? []).filter(({ url }) => url !== EXTENSION.calendarRevision)
  const revision = { url: EXTENSION.calendarRevision, valueUuid: `urn:uuid:${crypto.randomUUID()}` }
  return { ...calendar, extension: [...others, revision] }
}

function endingAt<T extends Appointment | Slot>(held: T, valueInstant: string): T {
  const extension = (held.extension ?? []).map((one) =>
    one.url === EXTENSION.heldUntil ? { url: one.url, valueInstant } : one,
  )
  return { ...held, extension }
}

/** Makes a hold as old as if its ten minutes were over. */
export async function expireHold(holdId: string): Promise<void> {
  const record = recordClient()
  const hold = await record.read('Appointment', holdId)
  if (!getExtension(hold, EXTENSION.heldUntil)) throw new Error(`Appointment/${holdId} is no hold`)
  const overSince = new Date(Date.now() - 1_000).toISOString()
  const transaction = new TransactionBuilder().update(endingAt(hold, overSince))
  for (const { reference } of hold.slot ?? []) {
    const slot = await record.read('Slot', reference!.split('/')[1]!)
    const calendar = await record.read('Schedule', slot.schedule.reference!.split('/')[1]!)
    transaction.update(endingAt(slot, overSince)).update(changed(calendar))
  }
  await record.transaction(transaction)
}

/** A clinician is away: the way leave stands in the record. */
export async function blockTime(clinicianId: string, start: string, end: string): Promise<void> {
  const record = recordClient()
  const calendar = await record.read('Schedule', `calendar-practitioner-${clinicianId}`)
  const transaction = new TransactionBuilder().update(changed(calendar))
  transaction.create({
    resourceType: 'Slot',
    schedule: { reference: `Schedule/${calendar.id}` },
    status: 'busy-unavailable',
    start,
    end,
    comment: 'Leave',
  })
  await record.transaction(transaction)
}
