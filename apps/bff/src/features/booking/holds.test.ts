import type { Appointment } from '@medplum/fhirtypes'
import { bookParameters, cancelParameters, holdParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, type CallOptions, reasonOf, resourceOf } from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'

const ELEVEN_MINUTES_MS = 11 * 60_000

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

function hold(opening: Appointment | undefined, patient: string, options: CallOptions) {
  return call('Appointment/$hold', holdParameters({ opening: opening as Appointment, patient }), options)
}

function book(held: { id?: string }, options: CallOptions) {
  return call('Appointment/$book', bookParameters({ hold: `Appointment/${held.id}` }), options)
}

describe('a hold', { timeout: 60_000 }, () => {
  test('hides its time from others, not from the person who holds it', async () => {
    const { first, second, as, openings } = await openClinic(record)
    const [opening] = await openings()
    await hold(opening, first, as(first))
    expect((await openings({ patient: second }))[0]?.start).not.toBe(opening?.start)
    expect((await openings())[0]?.start).not.toBe(opening?.start)
    expect((await openings({ patient: first }))[0]?.start).toBe(opening?.start)
  })

  test('is free for everybody after its end, with nobody clearing it away', async () => {
    const { first, second, as, openings, slotsOf, clinician } = await openClinic(record)
    const [opening] = await openings()
    const longAgo = () => Date.now() - ELEVEN_MINUTES_MS
    const held = resourceOf<Appointment>(await hold(opening, first, as(first, { now: longAgo })))
    expect((await openings())[0]?.start).toBe(opening?.start)
    expect(reasonOf(await book(held, as(first)))).toBe('hold-expired')
    const booked = await call(
      'Appointment/$book',
      bookParameters({ opening: opening as Appointment, patient: second }),
      as(second),
    )
    expect(booked.status).toBe(201)
    expect(await record.fhir.read('Appointment', held.id ?? '')).toMatchObject({ status: 'cancelled' })
    expect((await slotsOf(clinician)).map(({ status }) => status)).toEqual(['busy'])
    expect(await slotsOf(first)).toEqual([])
    expect(reasonOf(await book(held, as(first)))).toBe('hold-expired')
  })

  test('is not made longer by looking, nor by asking again', async () => {
    const { first, as, openings } = await openClinic(record)
    const [opening] = await openings()
    const early = () => Date.now() - 9 * 60_000
    const key = { idempotencyKey: 'the same click' }
    const one = resourceOf<Appointment>(await hold(opening, first, as(first, { now: early, ...key })))
    const two = resourceOf<Appointment>(await hold(opening, first, as(first, key)))
    expect(two).toEqual(one)
  })

  test('takes the place of the one the person had before', async () => {
    const { first, as, openings, slotsOf, clinician } = await openClinic(record)
    const [one, two] = await openings()
    const before = resourceOf<Appointment>(await hold(one, first, as(first)))
    await hold(two, first, as(first))
    expect((await slotsOf(clinician)).map(({ start }) => start)).toEqual([two?.start])
    expect((await openings())[0]?.start).toBe(one?.start)
    expect(reasonOf(await book(before, as(first)))).toBe('used-link')
  })

  test('given up is free at once, and stays given up', async () => {
    const { first, as, openings } = await openClinic(record)
    const [opening] = await openings()
    const held = resourceOf<Appointment>(await hold(opening, first, as(first)))
    const release = () => call(`Appointment/${held.id}/$release`, { resourceType: 'Parameters' }, as(first))
    expect(await release()).toMatchObject({ status: 200, resource: { status: 'cancelled' } })
    expect((await openings())[0]?.start).toBe(opening?.start)
    expect((await release()).status).toBe(200)
  })

  test('of somebody else cannot be booked, given up or seen', async () => {
    const { first, second, as, openings } = await openClinic(record)
    const [opening] = await openings()
    const held = resourceOf<Appointment>(await hold(opening, first, as(first)))
    expect((await book(held, as(second))).status).toBe(404)
    const release = await call(`Appointment/${held.id}/$release`, { resourceType: 'Parameters' }, as(second))
    expect(release.status).toBe(404)
  })

  test('is a promise against the lead time that runs out meanwhile', async () => {
    const { first, as, openings } = await openClinic(record, { rules: { leadTimeMinutes: 24 * 60 } })
    const [opening] = await openings()
    const held = resourceOf<Appointment>(await hold(opening, first, as(first)))
    const startMs = Date.parse(opening?.start ?? '')
    const almostThere = () => Math.min(Date.now() + 9 * 60_000, startMs - 60_000)
    expect((await book(held, as(first, { now: almostThere }))).status).toBe(201)
  })
})

describe('the same request again', { timeout: 60_000 }, () => {
  test('gives the same visit, also after a restart of the record', async () => {
    const { first, as, openings } = await openClinic(record)
    const [opening] = await openings()
    const key = { idempotencyKey: 'restart' }
    const parameters = bookParameters({ opening: opening as Appointment, patient: first })
    const one = resourceOf<Appointment>(await call('Appointment/$book', parameters, as(first, key)))
    await record.restart()
    const again = await call('Appointment/$book', parameters, as(first, key))
    expect(again).toMatchObject({ status: 201, resource: { id: one.id, status: 'booked' } })
    await call(`Appointment/${one.id}/$cancel`, cancelParameters({}), as(first))
    expect(await call('Appointment/$book', parameters, as(first, key))).toMatchObject({
      status: 201,
      resource: { id: one.id, status: 'cancelled' },
    })
  })

  test('with another body is refused, by another person is another request', async () => {
    const { first, second, as, openings } = await openClinic(record)
    const [one, two] = await openings()
    const key = { idempotencyKey: 'k' }
    const book_ = (opening: Appointment | undefined, patient: string) =>
      call(
        'Appointment/$book',
        bookParameters({ opening: opening as Appointment, patient }),
        as(patient, key),
      )
    expect((await book_(one, first)).status).toBe(201)
    const other = await book_(two, first)
    expect([other.status, reasonOf(other)]).toEqual([422, 'idempotency-mismatch'])
    expect((await book_(two, second)).status).toBe(201)
  })

  test('cancelling twice with one key is one answer, with another it says so', async () => {
    const { first, as, openings, book: bookFor } = await openClinic(record)
    const visit = await bookFor((await openings())[0], first)
    const cancel = (idempotencyKey: string) =>
      call(`Appointment/${visit.id}/$cancel`, cancelParameters({}), as(first, { idempotencyKey }))
    expect((await cancel('a')).status).toBe(200)
    expect((await cancel('a')).status).toBe(200)
    expect(reasonOf(await cancel('b'))).toBe('already-cancelled')
  })

  test('whose answer was lost on the way is found, not repeated', async () => {
    const { first, as, openings } = await openClinic(record)
    const [opening] = await openings()
    let lost = 0
    const transport = {
      baseUrl: record.transport.baseUrl,
      send: async (request: Parameters<typeof record.transport.send>[0]) => {
        const answer = await record.transport.send(request)
        if (request.path === '' && request.body?.includes('"transaction"') && lost++ < 2)
          throw new TypeError('connection reset')
        return answer
      },
    }
    const parameters = bookParameters({ opening: opening as Appointment, patient: first })
    const booked = await call('Appointment/$book', parameters, as(first, { transport }))
    expect(booked.status).toBe(201)
    // the first is that of the new calendars
    expect(lost).toBe(2)
    expect(await record.fhir.searchAll('Appointment', { patient: first })).toHaveLength(1)
  })
})
