import type { Appointment, PractitionerRole } from '@medplum/fhirtypes'
import { SYSTEM } from '@openward/fhir-client'
import { bookParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, resourceOf } from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { participantsOfType } from './visit-state.ts'
import { rangeOf } from './wish.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

async function roleOf(practitioner: string) {
  const [role] = await record.fhir.searchAll('PractitionerRole', { practitioner })
  if (role === undefined) throw new Error('no role')
  return role
}

describe('what an opening asks for', { timeout: 60_000 }, () => {
  test('is no interpreter, though its clinician also is one', async () => {
    const { clinician, clinic, first, as, openings } = await openClinic(record, { clinicians: 2 })
    for (const one of clinic.clinicians) {
      const { id: _id, meta: _meta, healthcareService: _service, ...role } = await roleOf(one)
      await record.fhir.create<PractitionerRole>({
        ...role,
        code: [{ coding: [{ system: SYSTEM.role, code: 'interpreter' }] }],
      })
    }
    const [opening] = await openings({ practitioners: [clinician] })
    const booked = await call(
      'Appointment/$book',
      bookParameters({ opening: opening as Appointment, patient: first }),
      as(first),
    )
    expect(participantsOfType(resourceOf<Appointment>(booked), 'Practitioner')).toEqual([clinician])
  })

  test('ends with the last evening of the clinician’s role by the clock of the site', async () => {
    const { clinician, openings, book, first } = await openClinic(record, { timeZone: 'Pacific/Auckland' })
    const localDay = (instant: string | undefined) =>
      new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' }).format(new Date(instant ?? ''))
    const end = localDay((await openings({ count: 200 })).at(-1)?.start)
    const month = end.slice(0, 7)
    const role = await roleOf(clinician)
    await record.fhir.update<PractitionerRole>({ ...role, period: { start: end, end } })
    const offered = await openings({ count: 200 })
    expect(offered.length).toBeGreaterThan(1)
    expect(new Set(offered.map(({ start }) => localDay(start)))).toEqual(new Set([end]))
    expect((await book(offered[0], first)).start).toBe(offered[0]?.start)
    const stored = await roleOf(clinician)
    await record.fhir.update<PractitionerRole>({ ...stored, period: { start: month, end: month } })
    const ofMonth = await openings({ count: 200 })
    expect(ofMonth.length).toBeGreaterThan(1)
    expect(new Set(ofMonth.map(({ start }) => localDay(start).slice(0, 7)))).toEqual(new Set([month]))
  })

  test('is some time: a wish without any start is refused before anything is read', () => {
    const rules = { bufferBeforeMinutes: 0, bufferAfterMinutes: 0, durationMinutes: 30 }
    const offer = { rules } as Parameters<typeof rangeOf>[1]
    expect(() => rangeOf({ startsMs: [] }, offer)).toThrow(RangeError)
  })
})
