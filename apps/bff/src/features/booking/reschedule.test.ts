import type { Appointment, Bundle } from '@medplum/fhirtypes'
import { EXTENSION, withExtension } from '@openward/fhir-client'
import {
  bookParameters,
  cancelParameters,
  holdParameters,
  rescheduleParameters,
  seriesParameters,
} from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, outcomeOf, reasonOf, resourceOf } from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { sequenceOf } from './visit-state.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

describe('moving a visit', { timeout: 60_000 }, () => {
  test('keeps its identity and gives the old time back at once', async () => {
    const { first, second, as, openings, book, slotsOf, clinician } = await openClinic(record)
    const [one, two] = await openings()
    const visit = await book(one, first)
    const moved = await call(
      `Appointment/${visit.id}/$reschedule`,
      rescheduleParameters({ opening: two as Appointment }),
      as(first),
    )
    expect(moved).toMatchObject({
      status: 200,
      resource: { id: visit.id, start: two?.start, status: 'booked' },
    })
    expect(sequenceOf(resourceOf<Appointment>(moved))).toBe(1)
    expect((await slotsOf(clinician)).map(({ start }) => start)).toEqual([two?.start])
    expect((await slotsOf(first)).map(({ start }) => start)).toEqual([two?.start])
    expect((await book(one, second)).status).toBe('booked')
  })

  test('by half its length does not meet itself', async () => {
    const { first, as, openings, book } = await openClinic(record, {
      rules: { durationMinutes: 60, startEveryMinutes: 30 },
    })
    const [one] = await openings()
    const visit = await book(one, first)
    const half = (await openings({ ignoreAppointment: `Appointment/${visit.id}` }))[1]
    expect(Date.parse(half?.start ?? '') - Date.parse(one?.start ?? '')).toBe(30 * 60_000)
    const moved = await call(
      `Appointment/${visit.id}/$reschedule`,
      rescheduleParameters({ opening: half as Appointment }),
      as(first),
    )
    expect(moved.status).toBe(200)
  })

  test('that was held moves the visit when the hold is booked, and uses the hold up', async () => {
    const { first, as, openings, book, slotsOf, clinician } = await openClinic(record)
    const [one, two] = await openings()
    const visit = await book(one, first)
    const replaces = `Appointment/${visit.id}`
    const held = resourceOf<Appointment>(
      await call(
        'Appointment/$hold',
        holdParameters({ opening: two as Appointment, patient: first, replaces }),
        as(first),
      ),
    )
    const booked = await call(
      'Appointment/$book',
      bookParameters({ hold: `Appointment/${held.id}`, comment: 'moved' }),
      as(first),
    )
    expect(booked).toMatchObject({
      status: 201,
      resource: { id: visit.id, start: two?.start, comment: 'moved' },
    })
    expect(await record.fhir.read('Appointment', held.id ?? '')).toMatchObject({ status: 'cancelled' })
    expect((await slotsOf(clinician)).map(({ start, status }) => [start, status])).toEqual([
      [two?.start, 'busy'],
    ])
    const again = await call(
      'Appointment/$book',
      bookParameters({ hold: `Appointment/${held.id}` }),
      as(first),
    )
    expect(reasonOf(again)).toBe('used-link')
  })

  test('by $reschedule with a hold answers the moved visit, and only for the visit that the hold was made for', async () => {
    const { first, as, openings, book } = await openClinic(record)
    const [one, two, three] = await openings()
    const visit = await book(one, first)
    const other = await book(three, first)
    const held = resourceOf<Appointment>(
      await call(
        'Appointment/$hold',
        holdParameters({ opening: two as Appointment, patient: first, replaces: `Appointment/${visit.id}` }),
        as(first),
      ),
    )
    const hold = rescheduleParameters({ hold: `Appointment/${held.id}` })
    expect((await call(`Appointment/${other.id}/$reschedule`, hold, as(first))).status).toBe(404)
    expect(await call(`Appointment/${visit.id}/$reschedule`, hold, as(first))).toMatchObject({
      status: 200,
      resource: { id: visit.id, start: two?.start },
    })
  })

  test('is refused when the visit is not the one that was shown, is cancelled, or begins too soon', async () => {
    const { first, as, openings, book, staff } = await openClinic(record, {
      rules: { cancelNoticeMinutes: 60 * 24 * 30 },
    })
    const [one, two] = await openings()
    const visit = await book(one, first)
    const opening = two as Appointment
    const stale = await call(
      `Appointment/${visit.id}/$reschedule`,
      rescheduleParameters({ opening, version: '99' }),
      staff,
    )
    expect(reasonOf(stale)).toBe('changed-meanwhile')
    expect(JSON.stringify(outcomeOf(stale))).toContain('booked')
    const late = await call(
      `Appointment/${visit.id}/$reschedule`,
      rescheduleParameters({ opening }),
      as(first),
    )
    expect(reasonOf(late)).toBe('too-late-to-cancel')
    expect((await call(`Appointment/${visit.id}/$cancel`, cancelParameters({}), staff)).status).toBe(200)
    const gone = await call(`Appointment/${visit.id}/$reschedule`, rescheduleParameters({ opening }), staff)
    expect(reasonOf(gone)).toBe('already-cancelled')
  })

  test('to a taken time leaves everything as it was', async () => {
    const { first, second, as, openings, book, slotsOf } = await openClinic(record)
    const [one, two] = await openings()
    const visit = await book(one, first)
    await book(two, second)
    const refused = await call(
      `Appointment/${visit.id}/$reschedule`,
      rescheduleParameters({ opening: two as Appointment }),
      as(first),
    )
    expect(reasonOf(refused)).toBe('taken')
    expect(await record.fhir.read('Appointment', visit.id)).toMatchObject({
      status: 'booked',
      start: one?.start,
    })
    expect(await slotsOf(first)).toHaveLength(1)
  })

  test('does not meet its own buffer', async () => {
    const rules = {
      durationMinutes: 30,
      bufferBeforeMinutes: 20,
      bufferAfterMinutes: 10,
      startEveryMinutes: 15,
    }
    const { first, as, openings, book } = await openClinic(record, { rules })
    const later = (await openings())[4]
    const visit = await book(later, first)
    const startMs = Date.parse(visit.start ?? '') - 45 * 60_000
    const free = await openings({ ignoreAppointment: `Appointment/${visit.id}` })
    const target = free.find(({ start }) => Date.parse(start ?? '') === startMs)
    expect((await openings()).some(({ start }) => start === target?.start)).toBe(false)
    const moved = await call(
      `Appointment/${visit.id}/$reschedule`,
      rescheduleParameters({ opening: target as Appointment }),
      as(first),
    )
    expect(moved.status).toBe(200)
  })

  test("takes the place of the person's own hold with another clinician", async () => {
    const { first, as, openings, book, clinic, slotsOf } = await openClinic(record, { clinicians: 2 })
    const [a = '', b = ''] = clinic.clinicians
    const [one, two] = await openings({ practitioners: [a] })
    const visit = await book(one, first)
    const other = (await openings({ practitioners: [b] })).find(({ start }) => start === two?.start)
    await call(
      'Appointment/$hold',
      holdParameters({ opening: other as Appointment, patient: first }),
      as(first),
    )
    const moved = await call(
      `Appointment/${visit.id}/$reschedule`,
      rescheduleParameters({ opening: two as Appointment }),
      as(first),
    )
    expect(moved.status).toBe(200)
    expect(await slotsOf(b)).toEqual([])
    expect((await slotsOf(first)).map(({ start, status }) => [start, status])).toEqual([[two?.start, 'busy']])
  })

  test.each(['this', 'following', 'all'] as const)(
    'that is cancelled is refused for %s, and so is the rest of its series by way of it',
    async (scope) => {
      const { first, as, openings } = await openClinic(record)
      const [one, two] = await openings()
      const opening = one as Appointment
      const chosen = [opening.start ?? '']
      const made = await call(
        'Appointment/$series',
        seriesParameters({ opening, patient: first, count: 2, chosen }),
        as(first),
      )
      const visit = resourceOf<Bundle>(made).entry?.[0]?.resource
      const cancelled = await call(`Appointment/${visit?.id}/$cancel`, cancelParameters({}), as(first))
      expect(cancelled.status).toBe(200)
      const parameters = rescheduleParameters({ opening: two as Appointment, scope })
      const answer = await call(`Appointment/${visit?.id}/$reschedule`, parameters, as(first))
      expect(reasonOf(answer)).toBe('already-cancelled')
    },
  )

  test('for which the person has arrived is not moved with the rest of its series', async () => {
    const { first, staff, openings, book } = await openClinic(record)
    const [one, two] = await openings()
    const visit = await book(one, first)
    const stored = await record.fhir.read('Appointment', visit.id)
    const series = { system: 'urn:series', value: visit.id }
    await record.fhir.update<Appointment>({
      ...withExtension(stored, EXTENSION.series, { valueIdentifier: series }),
      identifier: [...(stored.identifier ?? []), series],
      status: 'arrived',
    })
    const parameters = rescheduleParameters({ opening: two as Appointment, scope: 'all' })
    const moved = await call(`Appointment/${visit.id}/$reschedule`, parameters, staff)
    expect(reasonOf(moved)).toBe('not-bookable')
    const cancelled = await call(`Appointment/${visit.id}/$cancel`, cancelParameters({ scope: 'all' }), staff)
    expect(reasonOf(cancelled)).toBe('not-bookable')
  })

  test('of a series that is over says so and writes nothing', async () => {
    const { first, staff, openings, book } = await openClinic(record)
    const [one, two] = await openings()
    const visit = await book(one, first)
    const afterwards = () => Date.parse(visit.start ?? '') + 60_000
    const parameters = rescheduleParameters({ opening: two as Appointment, scope: 'all' })
    const answer = await call(`Appointment/${visit.id}/$reschedule`, parameters, {
      ...staff,
      now: afterwards,
    })
    expect(reasonOf(answer)).toBe('already-past')
  })
})
