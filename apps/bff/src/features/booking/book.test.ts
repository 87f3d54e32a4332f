import type { Appointment, Slot } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'
import { bookParameters, cancelParameters, holdParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  call,
  openingsOf,
  patientCaller,
  reasonOf,
  resourceOf,
  staffCaller,
} from '#/testing/booking-calls.ts'
import { createClinic } from '#/testing/booking-clinic.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

async function slotsOf(actor: string): Promise<Slot[]> {
  const schedules = await record.fhir.searchAll('Schedule', { actor })
  return record.fhir.searchAll('Slot', { schedule: schedules.map(({ id }) => `Schedule/${id}`).join(',') })
}

async function setUp() {
  const clinic = await createClinic(record.fhir, { patients: 2, clinicians: 2 })
  const [first = '', second = ''] = clinic.patients
  const as = (patient: string, idempotencyKey?: string) => ({
    caller: patientCaller(patient),
    transport: record.transport,
    idempotencyKey,
  })
  return { clinic, first, second, as }
}

describe('booking a visit', () => {
  test('holds an opening, books it, and gives the time back when it is cancelled', async () => {
    const { clinic, first, second, as } = await setUp()
    const [opening] = await openingsOf(clinic, as(first), { practitioners: clinic.clinicians.slice(0, 1) })
    if (opening === undefined) throw new Error('no opening')
    const held = await call('Appointment/$hold', holdParameters({ opening, patient: first }), as(first))
    expect(held).toMatchObject({ status: 201, resource: { status: 'pending' } })
    const hold = resourceOf<Appointment>(held)

    const other = await call('Appointment/$book', bookParameters({ opening, patient: second }), as(second))
    expect(reasonOf(other)).toBe('held-by-someone-else')

    const parameters = bookParameters({ hold: `Appointment/${hold.id}`, reason: 'cough' })
    const booked = resourceOf<Appointment>(await call('Appointment/$book', parameters, as(first)))
    expect(booked).toMatchObject({
      id: hold.id,
      status: 'booked',
      reasonCode: [{ text: 'cough' }],
      start: opening.start,
    })
    expect(getExtension(booked, EXTENSION.heldUntil)).toBeUndefined()
    const stored = await record.fhir.read('Appointment', booked.id ?? '')
    expect(stored).toEqual(booked)
    expect((await slotsOf(clinic.clinicians[0] ?? '')).map(({ status }) => status)).toEqual(['busy'])
    expect((await slotsOf(first)).map(({ status }) => status)).toEqual(['busy'])

    const late = await call('Appointment/$book', bookParameters({ opening, patient: second }), as(second))
    expect(reasonOf(late)).toBe('taken')
    expect(reasonOf(await call('Appointment/$book', parameters, as(first)))).toBe('used-link')

    const cancelled = await call(`Appointment/${booked.id}/$cancel`, cancelParameters({}), as(first))
    expect(cancelled).toMatchObject({ status: 200, resource: { id: booked.id, status: 'cancelled' } })
    expect(getExtension(resourceOf<Appointment>(cancelled), EXTENSION.cancelledBy)?.valueCode).toBe('patient')
    expect(await slotsOf(clinic.clinicians[0] ?? '')).toEqual([])
    const again = await call('Appointment/$book', bookParameters({ opening, patient: second }), as(second))
    expect(again.status).toBe(201)
    expect(reasonOf(await call(`Appointment/${booked.id}/$cancel`, cancelParameters({}), as(first)))).toBe(
      'already-cancelled',
    )
  })

  test('lets staff book for anybody, and nobody else for a stranger', async () => {
    const { clinic, first, second, as } = await setUp()
    const [opening] = await openingsOf(clinic, as(first))
    if (opening === undefined) throw new Error('no opening')
    const stranger = await call('Appointment/$book', bookParameters({ opening, patient: second }), as(first))
    expect(stranger.status).toBe(403)
    const auditor = { caller: staffCaller('auditor'), transport: record.transport }
    expect(
      (await call('Appointment/$book', bookParameters({ opening, patient: second }), auditor)).status,
    ).toBe(403)
    const staff = { caller: staffCaller(), transport: record.transport }
    const booked = await call('Appointment/$book', bookParameters({ opening, patient: second }), staff)
    expect(booked.status).toBe(201)
    const id = resourceOf<Appointment>(booked).id
    const hidden = await call(`Appointment/${id}/$cancel`, cancelParameters({}), as(first))
    const missing = await call('Appointment/none/$cancel', cancelParameters({}), as(first))
    expect(hidden.status).toBe(404)
    expect({ ...hidden, outcome: undefined }).toEqual({ ...missing, outcome: undefined })
  })
})
