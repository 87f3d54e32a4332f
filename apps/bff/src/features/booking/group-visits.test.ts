import type { Appointment } from '@medplum/fhirtypes'
import { cancelParameters, holdParameters, rescheduleParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, outcomeOf, reasonOf } from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

/** A visit for two people, as another system writes it. */
async function withGroupVisit() {
  const people = await openClinic(record, { patients: 3 })
  const { clinic, clinician, first, second } = people
  const [opening, other] = await people.openings()
  const visit = await record.fhir.create<Appointment>({
    resourceType: 'Appointment',
    status: 'booked',
    start: opening?.start ?? '',
    end: opening?.end ?? '',
    participant: [first, second, clinician, clinic.site, clinic.service].map((reference) => ({
      actor: { reference },
      status: 'accepted',
    })),
  })
  return { people, visit, other: other as Appointment, third: clinic.patients[2] ?? '' }
}

describe('a visit for two people', { timeout: 60_000 }, () => {
  test('is there for both of them, and for nobody else', async () => {
    const { people, visit, third } = await withGroupVisit()
    const file = (patient: string) =>
      call(`Appointment/${visit.id}/$ics`, { resourceType: 'Parameters' }, people.as(patient))
    expect((await file(people.first)).status).toBe(200)
    expect(await file(people.second)).toMatchObject({
      status: 200,
      touch: { patientIds: [people.first, people.second].map((one) => one.slice('Patient/'.length)) },
    })
    expect((await file(third)).status).toBe(404)
  })

  test('is neither cancelled nor moved by one of them, who is told to call the clinic', async () => {
    const { people, visit, other } = await withGroupVisit()
    for (const patient of [people.first, people.second]) {
      const as = people.as(patient)
      const replaces = `Appointment/${visit.id}`
      const answers = [
        await call(`${replaces}/$cancel`, cancelParameters({}), as),
        await call(`${replaces}/$reschedule`, rescheduleParameters({ opening: other }), as),
        await call('Appointment/$hold', holdParameters({ opening: other, patient, replaces }), as),
      ]
      expect(answers.map(reasonOf)).toEqual(answers.map(() => 'not-bookable'))
      for (const answer of answers)
        expect(outcomeOf(answer)?.issue[0]?.details?.text).toContain('call the clinic')
    }
    expect(await record.fhir.read('Appointment', visit.id)).toEqual(visit)
  })

  test('cancelled by the clinic tells both', async () => {
    const { people, visit } = await withGroupVisit()
    const cancelled = await call(`Appointment/${visit.id}/$cancel`, cancelParameters({}), people.staff)
    expect(cancelled.status).toBe(200)
    for (const subject of [people.first, people.second])
      expect(await record.fhir.searchAll('CommunicationRequest', { subject })).toHaveLength(1)
  })

  test('is not moved by the clinic here, where one of them would be lost', async () => {
    const { people, visit, other } = await withGroupVisit()
    const moved = rescheduleParameters({ opening: other })
    expect(reasonOf(await call(`Appointment/${visit.id}/$reschedule`, moved, people.staff))).toBe(
      'not-bookable',
    )
    expect(await record.fhir.read('Appointment', visit.id)).toEqual(visit)
  })
})
