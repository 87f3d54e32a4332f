import type { Appointment, Bundle } from '@medplum/fhirtypes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, outcomeOf, type Question, questionOf, resourceOf } from '#/testing/booking-calls.ts'
import type { ClinicOptions } from '#/testing/booking-clinic.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

describe('finding openings', { timeout: 60_000 }, () => {
  const of = (opening: Appointment | undefined, type: string) =>
    (opening?.participant ?? []).flatMap(({ actor }) =>
      actor?.reference?.startsWith(type) ? [actor.reference] : [],
    )

  test('offers any of a pool, soonest first, in the order of preference', async () => {
    const { openings, book, first, clinic } = await openClinic(record, { clinicians: 3 })
    const [a = '', b = ''] = clinic.clinicians
    const all = await openings()
    expect(all.slice(0, 3).map(({ start }) => start)).toEqual([all[0]?.start, all[0]?.start, all[0]?.start])
    const preferred = await openings({ practitioners: [b, a] })
    expect(preferred.slice(0, 2).flatMap((one) => of(one, 'Practitioner'))).toEqual([b, a])
    await book(preferred[0], first)
    expect(of((await openings({ practitioners: [b, a] }))[0], 'Practitioner')).toEqual([a])
  })

  test('offers a joint visit only when a room and an interpreter are free too, and books all of them', async () => {
    const people = await openClinic(record, { clinicians: 2, rooms: 1, interpreters: 1 })
    const { openings, book, first, clinic, slotsOf } = people
    const [opening] = await openings({ interpreter: 'es' })
    expect(of(opening, 'Location')).toEqual([clinic.site, ...clinic.rooms])
    expect(of(opening, 'Practitioner')).toContain(clinic.interpreters[0])
    const visit = await book(opening, first)
    expect(visit.slot).toHaveLength(4)
    expect(await slotsOf(clinic.rooms[0] ?? '')).toHaveLength(1)
    expect(await slotsOf(clinic.interpreters[0] ?? '')).toHaveLength(1)
    expect((await openings())[0]?.start).not.toBe(opening?.start)
    expect(await openings({ interpreter: 'vi' })).toEqual([])
  })

  test('keeps to the part of the day at the site, the language and the way of the visit', async () => {
    const { openings } = await openClinic(record, { timeZone: 'Asia/Kolkata', rooms: 1 })
    const evening = await openings({ partOfDay: 'evening' })
    expect(evening.every(({ start }) => (start ?? '').slice(11) >= '17:00:00+05:30')).toBe(true)
    expect(evening.length).toBeGreaterThan(0)
    expect(await openings({ language: 'vi' })).toEqual([])
    const [video] = await openings({ language: 'es', visitMode: 'video' })
    expect(JSON.stringify(video?.extension)).toContain('"valueCode":"video"')
    expect(of(video, 'Location')).toHaveLength(1)
  })

  test('leaves out what the person has already', async () => {
    const { openings, book, first, second, clinic } = await openClinic(record, { clinicians: 2 })
    const visit = await book((await openings())[0], first)
    expect((await openings({ patient: first })).some(({ start }) => start === visit.start)).toBe(false)
    expect((await openings({ patient: second })).some(({ start }) => start === visit.start)).toBe(true)
    expect(clinic.clinicians).toHaveLength(2)
  })
})

describe('what an administrator changes', { timeout: 60_000 }, () => {
  test('shows in the next openings', async () => {
    const { openings, clinic } = await openClinic(record)
    const before = await openings()
    const id = clinic.service.slice('HealthcareService/'.length)
    const service = await record.fhir.read('HealthcareService', id)
    await record.fhir.update({ ...service, name: 'Renamed' })
    const after = await openings()
    expect(before[0]?.participant.some(({ actor }) => actor?.display === 'Renamed')).toBe(false)
    expect(after[0]?.participant.some(({ actor }) => actor?.display === 'Renamed')).toBe(true)
    await record.fhir.update({ ...(await record.fhir.read('HealthcareService', id)), active: false })
    expect(await openings()).toEqual([])
  })
})

describe('when nothing can be offered', { timeout: 60_000 }, () => {
  async function reasonFor(options: ClinicOptions, question: Question = {}) {
    const { staff, clinic } = await openClinic(record, options)
    const found = resourceOf<Bundle>(await call('Appointment/$find', questionOf(clinic, question), staff))
    expect(found.total).toBe(0)
    const entry = found.entry?.[0]
    expect(entry?.search?.mode).toBe('outcome')
    return entry?.resource?.resourceType === 'OperationOutcome'
      ? entry.resource.issue[0]?.details?.coding?.[0]?.code
      : undefined
  }

  test('the answer names the rule', async () => {
    expect(await reasonFor({ rules: { leadTimeMinutes: 60 * 24 * 30 } })).toBe('too-soon')
    expect(
      await reasonFor(
        { rules: { horizonDays: 1 } },
        { start: new Date(Date.now() + 5 * 86_400_000).toISOString() },
      ),
    ).toBe('too-far-ahead')
    expect(await reasonFor({ hours: [] })).toBe('outside-hours')
    expect(await reasonFor({ rules: { visitModes: ['in-person'] } }, { visitMode: 'video' })).toBe(
      'not-offered-here',
    )
    expect(await reasonFor({ rules: { needsRoom: true } })).toBe('no-room')
    expect(await reasonFor({ rules: { needsInterpreter: true } })).toBe('no-interpreter')
  })

  test('a person without a referral, or of another age, is told so', async () => {
    for (const [rules, reason] of [
      [{ referralRequired: true }, 'needs-referral'],
      [{ minimumAgeYears: 65 }, 'age-limit'],
    ] as const) {
      const { first, as, clinic } = await openClinic(record, { rules })
      const found = await call('Appointment/$find', questionOf(clinic, { patient: first }), as(first))
      expect(JSON.stringify(resourceOf(found))).toContain(reason)
    }
  })

  test('a referral that names the service opens it', async () => {
    const { first, as, clinic } = await openClinic(record, { rules: { referralRequired: true } })
    const code = {
      coding: [
        {
          system: 'https://openward.example/fhir/CodeSystem/service-type',
          code: clinic.service.slice('HealthcareService/'.length),
        },
      ],
    }
    await record.fhir.create({
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: first },
      code,
    })
    const found = await call('Appointment/$find', questionOf(clinic, { patient: first }), as(first))
    expect(resourceOf<Bundle>(found).total).toBeGreaterThan(0)
    expect(outcomeOf(found)).toBeUndefined()
  })
})
