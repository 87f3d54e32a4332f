import type { Appointment } from '@medplum/fhirtypes'
import { bookParameters, holdParameters, seriesParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, reasonOf, staffCaller } from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { gateFor, meddlingTransport } from '#/testing/broken-locks.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

const COUNT = 5

/** As many clinicians and patients, none of them shared: no calendar tells one request of the other. */
async function disjoint() {
  const people = await openClinic(record, { clinicians: COUNT, patients: COUNT })
  const { clinicians, patients } = people.clinic
  const openings = await Promise.all(
    clinicians.map(async (one) => (await people.openings({ practitioners: [one] }))[0] as Appointment),
  )
  return patients.map((patient, index) => ({ patient, opening: openings[index] as Appointment }))
}

const REQUESTS = {
  $book: bookParameters,
  $hold: holdParameters,
  $series: ({ opening, patient }: { opening: Appointment; patient: string }) =>
    seriesParameters({ opening, patient, count: 2, chosen: [opening.start ?? ''] }),
}

describe('one key at once', { timeout: 60_000 }, () => {
  test.each(['$book', '$hold', '$series'] as const)(
    'with different bodies over calendars that share nothing: one %s is done, the others are told so',
    async (name) => {
      const wishes = await disjoint()
      const gate = gateFor(COUNT)
      const idempotencyKey = `one key of ${name}`
      const send = (index: number, transport = record.transport) => {
        const wish = wishes[index]
        if (wish === undefined) throw new Error('no wish')
        const options = { caller: staffCaller(), transport, idempotencyKey }
        return call(`Appointment/${name}`, REQUESTS[name](wish), options)
      }
      const answers = await Promise.all(
        wishes.map((_, index) => send(index, meddlingTransport(record.transport, { gate }))),
      )
      const won = answers.findIndex(({ status }) => status === 201)
      const lost = answers.filter((_, index) => index !== won)
      expect(lost.map(({ status }) => status)).toEqual(lost.map(() => 422))
      expect(lost.map(reasonOf)).toEqual(lost.map(() => 'idempotency-mismatch'))
      const stored = await record.fhir.searchAll('Appointment', {
        patient: wishes.map(({ patient }) => patient).join(','),
      })
      expect(stored).toHaveLength(1)
      expect((await send(won)).status).toBe(201)
      expect((await send((won + 1) % COUNT)).status).toBe(422)
    },
  )

  test('with the same body gives everybody the same visit', async () => {
    const [wish] = await disjoint()
    if (wish === undefined) throw new Error('no wish')
    const gate = gateFor(COUNT)
    const answers = await Promise.all(
      Array.from({ length: COUNT }, () =>
        call('Appointment/$book', bookParameters(wish), {
          caller: staffCaller(),
          transport: meddlingTransport(record.transport, { gate }),
          idempotencyKey: 'the same',
        }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    expect(new Set(answers.map((one) => ('resource' in one ? one.resource.id : undefined))).size).toBe(1)
  })

  test('whose visit has forgotten it is used, and books nothing else', async () => {
    const [wish] = await disjoint()
    if (wish === undefined) throw new Error('no wish')
    const options = { caller: staffCaller(), transport: record.transport, idempotencyKey: 'forgotten' }
    const booked = await call('Appointment/$book', bookParameters(wish), options)
    const id = 'resource' in booked ? (booked.resource.id ?? '') : ''
    const { identifier: _forgotten, ...visit } = await record.fhir.read('Appointment', id)
    await record.fhir.update(visit)
    expect(reasonOf(await call('Appointment/$book', bookParameters(wish), options))).toBe('used-link')
  })
})
