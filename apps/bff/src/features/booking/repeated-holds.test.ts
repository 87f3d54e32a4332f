import type { Appointment } from '@medplum/fhirtypes'
import { bookParameters, holdParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, outcomeOf, reasonOf } from '#/testing/booking-calls.ts'
import { type ClinicWithPeople, openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

const MINUTE_MS = 60_000

function hold(
  { as, first }: ClinicWithPeople,
  opening: Appointment | undefined,
  afterMinutes: number,
  patient = first,
) {
  const now = () => Date.now() + afterMinutes * MINUTE_MS
  return call(
    'Appointment/$hold',
    holdParameters({ opening: opening as Appointment, patient }),
    as(patient, { now }),
  )
}

describe('a person who holds a time again and again', { timeout: 60_000 }, () => {
  test('has it three times an hour, and is told when it may be held again', async () => {
    const people = await openClinic(record)
    const [opening, later] = await people.openings()
    const madeAtMs = Date.now()
    for (const minutes of [0, 9, 18]) expect((await hold(people, opening, minutes)).status).toBe(201)
    const refused = await hold(people, opening, 27)
    expect(reasonOf(refused)).toBe('not-bookable')
    const told = outcomeOf(refused)?.issue[0]?.extension?.[0]?.extension
    expect(told?.[0]?.valueString).toBe('nextAt')
    const nextAtMs = Date.parse(told?.[1]?.valueString ?? '')
    expect(Math.round((nextAtMs - madeAtMs) / MINUTE_MS)).toBe(60)
    expect((await hold(people, later, 27)).status).toBe(201)
    expect((await hold(people, opening, 29, people.second)).status).toBe(201)
    expect((await hold(people, opening, 61)).status).toBe(201)
  })

  test('does not get around it by times that overlap', async () => {
    const people = await openClinic(record, { rules: { durationMinutes: 60, startEveryMinutes: 15 } })
    const openings = await people.openings()
    for (const [index, minutes] of [0, 9, 18].entries())
      expect((await hold(people, openings[index], minutes)).status).toBe(201)
    expect(reasonOf(await hold(people, openings[3], 27))).toBe('not-bookable')
    expect((await hold(people, openings[10], 27)).status).toBe(201)
  })

  test('is not held up by the clinic, which may hold for them as often as it likes', async () => {
    const people = await openClinic(record)
    const [opening] = await people.openings()
    const parameters = holdParameters({ opening: opening as Appointment, patient: people.first })
    for (const _time of [1, 2, 3, 4])
      expect((await call('Appointment/$hold', parameters, people.staff)).status).toBe(201)
  })
})

describe('the own hold of a person', { timeout: 60_000 }, () => {
  test('goes when only its buffer is in the way of what they book', async () => {
    const people = await openClinic(record, {
      rules: { durationMinutes: 30, bufferAfterMinutes: 30, startEveryMinutes: 30 },
    })
    const { first, as, slotsOf, clinician } = people
    const [one, two] = await people.openings()
    expect((await hold(people, one, 0)).status).toBe(201)
    const booked = await call(
      'Appointment/$book',
      bookParameters({ opening: two as Appointment, patient: first }),
      as(first),
    )
    expect(booked).toMatchObject({ status: 201, resource: { start: two?.start } })
    expect((await slotsOf(clinician)).map(({ start, status }) => [start, status])).toEqual([
      [two?.start, 'busy'],
    ])
  })
})
