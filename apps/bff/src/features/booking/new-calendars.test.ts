import { randomUUID } from 'node:crypto'

import type { Appointment } from '@medplum/fhirtypes'
import {
  bookParameters,
  cancelParameters,
  closeParameters,
  holdParameters,
  rescheduleParameters,
  seriesParameters,
} from '@openward/scheduling'
import { TransactionBuilder } from '@openward/fhir-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, reasonOf, staffCaller } from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { calendarId } from './calendars.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

function requestsFor(opening: Appointment, patient: string) {
  return {
    $hold: holdParameters({ opening, patient }),
    $book: bookParameters({ opening, patient }),
    $series: seriesParameters({ opening, patient, count: 2, chosen: [opening.start ?? ''] }),
  }
}

async function createCalendar(id: string, actor: string, active = true): Promise<void> {
  const transaction = new TransactionBuilder()
  transaction.createWithId({ resourceType: 'Schedule', id, active, actor: [{ reference: actor }] })
  await record.fhir.transaction(transaction)
}

describe('a calendar', { timeout: 60_000 }, () => {
  test.each(['$hold', '$book', '$series'] as const)(
    'is not made for a person whom there is not: a refused %s leaves nothing behind',
    async (name) => {
      const people = await openClinic(record)
      const [opening] = await people.openings()
      const nobody = `Patient/${randomUUID()}`
      const before = (await record.fhir.searchAll('Schedule', { _count: 1000 })).length
      const answer = await call(
        `Appointment/${name}`,
        requestsFor(opening as Appointment, nobody)[name],
        people.staff,
      )
      expect(reasonOf(answer)).toBe('not-bookable')
      expect(await record.fhir.searchAll('Schedule', { actor: nobody })).toEqual([])
      // that of the clinician, who is there
      expect(await record.fhir.searchAll('Schedule', { _count: 1000 })).toHaveLength(before + 1)
    },
  )

  test('is made together with the event that tells of it', async () => {
    const people = await openClinic(record)
    await people.book((await people.openings())[0], people.first)
    const events = await record.fhir.searchAll('AuditEvent', { _count: 1000 })
    const named = events.flatMap(({ entity }) => entity?.map(({ what }) => what?.reference) ?? [])
    for (const actor of [people.first, people.clinician])
      expect(named).toContain(`Schedule/${calendarId(actor)}`)
  })

  test.each([
    ["whose id is somebody else's", (id: string) => createCalendar(id, `Device/${randomUUID()}`)],
    ['that is not in use', (id: string, actor: string) => createCalendar(id, actor, false)],
  ])('%s makes its owner not bookable, and nothing fails', async (_what, make) => {
    for (const of of ['first', 'clinician'] as const) {
      const people = await openClinic(record)
      const [one, two] = await people.openings()
      const visit = await people.book(one, people.second)
      const broken = await openClinic(record)
      const [opening] = await broken.openings()
      await make(calendarId(broken[of]), broken[of])
      const requests = requestsFor(opening as Appointment, broken.first)
      for (const [name, body] of Object.entries(requests)) {
        const answer = await call(`Appointment/${name}`, body, broken.staff)
        expect([name, answer.status, reasonOf(answer)]).toEqual([name, 409, 'not-bookable'])
      }
      const moved = rescheduleParameters({ opening: two as Appointment })
      expect((await call(`Appointment/${visit.id}/$reschedule`, moved, people.staff)).status).toBe(200)
    }
  })

  test('that cannot be used keeps nobody from cancelling, nor from closing the site', async () => {
    const { clinic, clinician, first, staff, as } = await openClinic(record)
    await createCalendar(calendarId(clinician), `Device/${randomUUID()}`)
    const start = new Date(Date.now() + 5 * 86_400_000)
    const visit = await record.fhir.create<Appointment>({
      resourceType: 'Appointment',
      status: 'booked',
      start: start.toISOString(),
      end: new Date(start.getTime() + 1_800_000).toISOString(),
      participant: [first, clinician, clinic.site].map((reference) => ({
        actor: { reference },
        status: 'accepted',
      })),
    })
    const close = closeParameters({ startDate: '2027-12-24', endDate: '2027-12-24' })
    const administrator = { ...staff, caller: staffCaller('administrator') }
    expect((await call(`${clinic.site}/$close`, close, administrator)).status).toBe(200)
    expect(await call(`Appointment/${visit.id}/$cancel`, cancelParameters({}), as(first))).toMatchObject({
      status: 200,
      resource: { status: 'cancelled' },
    })
    expect(await record.fhir.searchAll('Schedule', { actor: first })).toEqual([])
  })
})
