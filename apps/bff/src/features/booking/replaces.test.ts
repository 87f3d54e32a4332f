import type { Appointment, HealthcareService } from '@medplum/fhirtypes'
import { EXTENSION, withExtension } from '@openward/fhir-client'
import { bookParameters, holdParameters, rescheduleParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, openingsOf, reasonOf, resourceOf } from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

/** A clinic whose clinician also offers a service that asks for no notice, and a visit of the first service. */
async function withTwoServices(cancelNoticeMinutes: number) {
  const people = await openClinic(record, { rules: { cancelNoticeMinutes } })
  const { clinic } = people
  const lenient = await openClinic(record, { rules: { cancelNoticeMinutes: 0 } })
  const service = lenient.clinic.service
  const [role] = await record.fhir.searchAll('PractitionerRole', { practitioner: people.clinician })
  const [stored] = await record.fhir.searchAll('HealthcareService', {
    _id: service.slice('HealthcareService/'.length),
  })
  if (role === undefined || stored === undefined) throw new Error('no role')
  await record.fhir.update<HealthcareService>({ ...stored, location: [{ reference: clinic.site }] })
  const { id: _id, meta: _meta, ...copy } = role
  await record.fhir.create({ ...copy, healthcareService: [{ reference: service }] })
  const [one, two] = await people.openings()
  const visit = await people.book(one, people.first)
  const others = await openingsOf({ ...clinic, service }, people.staff, {
    practitioners: [people.clinician],
  })
  const other = others.find(({ start }) => start === two?.start)
  if (two === undefined || other === undefined) throw new Error('no opening')
  return { people, visit, same: two, other, replaces: `Appointment/${visit.id}` }
}

const A_MONTH = 60 * 24 * 30

describe('the notice of a visit', { timeout: 60_000 }, () => {
  test('binds a hold that would move it, whatever service the hold is of', async () => {
    const { people, same, other, replaces, visit } = await withTwoServices(A_MONTH)
    const { first, as } = people
    for (const opening of [same, other]) {
      const hold = holdParameters({ opening, patient: first, replaces })
      expect(reasonOf(await call('Appointment/$hold', hold, as(first)))).toBe('too-late-to-cancel')
    }
    expect(await record.fhir.read('Appointment', visit.id)).toMatchObject({ start: visit.start })
  })

  test('binds the booking of a hold of another service that says it moves it', async () => {
    const { people, other, replaces, visit } = await withTwoServices(A_MONTH)
    const { first, as } = people
    const held = resourceOf<Appointment & { id: string }>(
      await call('Appointment/$hold', holdParameters({ opening: other, patient: first }), as(first)),
    )
    const stored = await record.fhir.read('Appointment', held.id)
    const reference = { valueReference: { reference: replaces } }
    await record.fhir.update(withExtension(stored, EXTENSION.replaces, reference))
    const hold = `Appointment/${held.id}`
    const booked = await call('Appointment/$book', bookParameters({ hold }), as(first))
    expect(reasonOf(booked)).toBe('too-late-to-cancel')
    const moved = await call(`${replaces}/$reschedule`, rescheduleParameters({ hold }), as(first))
    expect(reasonOf(moved)).toBe('too-late-to-cancel')
    expect(await record.fhir.read('Appointment', visit.id)).toMatchObject({ start: visit.start })
  })

  test('apart, a visit does not become one of another service, not even by staff', async () => {
    const { people, other, replaces, same } = await withTwoServices(0)
    const { first, as, staff } = people
    for (const options of [as(first), staff]) {
      const hold = holdParameters({ opening: other, patient: first, replaces })
      expect(reasonOf(await call('Appointment/$hold', hold, options))).toBe('not-bookable')
    }
    const hold = holdParameters({ opening: same, patient: first, replaces })
    expect((await call('Appointment/$hold', hold, as(first))).status).toBe(201)
  })
})
