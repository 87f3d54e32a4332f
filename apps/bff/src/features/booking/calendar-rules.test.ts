import type { Appointment, Bundle, Location, Parameters } from '@medplum/fhirtypes'
import {
  blockParameters,
  bookParameters,
  cancelParameters,
  closeParameters,
  unblockParameters,
} from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  call,
  patientCaller,
  questionOf,
  reasonOf,
  resourceOf,
  staffCaller,
} from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { calendarId } from './calendars.ts'

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

function referencesIn(parameters: Parameters, wanted: string): (string | undefined)[] {
  return (parameters.parameter ?? [])
    .filter(({ name }) => name === wanted)
    .map(({ valueReference }) => valueReference?.reference)
}

describe('time that is not free', { timeout: 60_000 }, () => {
  test('an Appointment of another system without any Slot takes it', async () => {
    const { first, as, openings, clinician } = await openClinic(record)
    const [opening] = await openings()
    await record.fhir.create<Appointment>({
      resourceType: 'Appointment',
      status: 'booked',
      start: opening?.start ?? '',
      end: opening?.end ?? '',
      participant: [{ actor: { reference: clinician }, status: 'accepted' }],
    })
    const answer = await call(
      'Appointment/$book',
      bookParameters({ opening: opening as Appointment, patient: first }),
      as(first),
    )
    expect(reasonOf(answer)).toBe('taken')
  })

  test('a pending request of another system takes it until it is decided', async () => {
    const { openings, clinic, clinician } = await openClinic(record)
    const start = new Date(Date.now() + 3 * 86_400_000).toISOString()
    const end = new Date(Date.parse(start) + 86_400_000).toISOString()
    await record.fhir.create<Appointment>({
      resourceType: 'Appointment',
      status: 'pending',
      start,
      end,
      participant: [{ actor: { reference: clinician }, status: 'needs-action' }],
    })
    expect(clinic.clinicians).toHaveLength(1)
    expect(await openings({ start, end })).toEqual([])
  })

  test('a busy Slot takes it from every service, also when it names one', async () => {
    const { first, as, openings, clinician } = await openClinic(record)
    const [opening] = await openings()
    const schedule = await record.fhir.create({
      resourceType: 'Schedule',
      active: true,
      actor: [{ reference: clinician }],
    })
    await record.fhir.create({
      resourceType: 'Slot',
      status: 'busy',
      schedule: { reference: `Schedule/${schedule.id}` },
      start: opening?.start ?? '',
      end: opening?.end ?? '',
      serviceType: [{ coding: [{ system: 'https://other.example', code: 'another-service' }] }],
    })
    const answer = await call(
      'Appointment/$book',
      bookParameters({ opening: opening as Appointment, patient: first }),
      as(first),
    )
    expect(reasonOf(answer)).toBe('taken')
  })

  test('leave takes it, names the visits in it, and gives it back', async () => {
    const { first, second, as, staff, openings, book, clinician } = await openClinic(record)
    const [one, two] = await openings()
    const visit = await book(one, first)
    const path = `Schedule/${calendarId(clinician)}`
    const leave = blockParameters({ start: one?.start ?? '', end: two?.end ?? '', comment: 'training' })
    const blocked = resourceOf<Parameters>(await call(`${path}/$block`, leave, staff))
    expect(referencesIn(blocked, 'affected')).toEqual([`Appointment/${visit.id}`])
    const again = resourceOf<Parameters>(await call(`${path}/$block`, leave, staff))
    expect(referencesIn(again, 'slot')).toEqual(referencesIn(blocked, 'slot'))
    const wanted = bookParameters({ opening: two as Appointment, patient: second })
    expect(reasonOf(await call('Appointment/$book', wanted, as(second)))).toBe('on-leave')
    const [slot = ''] = referencesIn(blocked, 'slot')
    expect((await call(`${path}/$unblock`, unblockParameters({ slot }), staff)).status).toBe(200)
    expect((await call('Appointment/$book', wanted, as(second))).status).toBe(201)
  })

  test('leave is set by those who keep the calendar only', async () => {
    const { first, as, openings, book, clinician } = await openClinic(record)
    const visit = await book((await openings())[0], first)
    const leave = blockParameters({ start: visit.start ?? '', end: visit.end ?? '' })
    const path = `Schedule/${calendarId(clinician)}/$block`
    const own = { caller: { ...staffCaller('clinician'), fhirUser: clinician }, transport: record.transport }
    const other = { caller: staffCaller('clinician'), transport: record.transport }
    expect((await call(path, leave, as(first))).status).toBe(403)
    expect((await call(path, leave, other)).status).toBe(403)
    expect((await call(path, leave, own)).status).toBe(200)
  })

  test('a closed site takes whole days from everybody there, and names their visits', async () => {
    const { first, second, as, openings, book, clinic } = await openClinic(record, { clinicians: 2 })
    const [one, two] = await openings()
    const visit = await book(one, first)
    const day = one?.start?.slice(0, 10) ?? ''
    const administrator = { caller: staffCaller('administrator'), transport: record.transport }
    const path = `${clinic.site}/$close`
    const closure = closeParameters({ startDate: day, endDate: day, reason: 'holiday' })
    expect((await call(path, closure, as(first))).status).toBe(403)
    const closed = resourceOf<Parameters>(await call(path, closure, administrator))
    expect(referencesIn(closed, 'affected')).toEqual([`Appointment/${visit.id}`])
    const wanted = bookParameters({ opening: two as Appointment, patient: second })
    expect(reasonOf(await call('Appointment/$book', wanted, as(second)))).toBe('site-closed')
    expect((await openings())[0]?.start?.slice(0, 10)).not.toBe(day)
    await call(path, closure, administrator)
    const site = await record.fhir.read('Location', clinic.site.slice('Location/'.length))
    expect(closuresOf(site)).toHaveLength(1)
  })
})

function closuresOf(site: Location) {
  return (site.extension ?? []).filter(({ url }) => url.endsWith('/closure'))
}

describe('rules of a booking', { timeout: 60_000 }, () => {
  test('the same person in two places is refused, and staff may override with a reason', async () => {
    const { first, as, staff, openings, book, clinic } = await openClinic(record, { clinicians: 2 })
    const [a = '', b = ''] = clinic.clinicians
    await book((await openings({ practitioners: [a] }))[0], first)
    const [opening] = await openings({ practitioners: [b] })
    const wanted = { opening: opening as Appointment, patient: first }
    expect(reasonOf(await call('Appointment/$book', bookParameters(wanted), as(first)))).toBe('own-overlap')
    const override = bookParameters({ ...wanted, overrideReason: 'twins' })
    expect((await call('Appointment/$book', override, as(first))).status).toBe(403)
    expect((await call('Appointment/$book', override, staff)).status).toBe(201)
  })

  test('a proxy books for the person who is named, and for nobody else', async () => {
    const { first, second, openings, book, clinic } = await openClinic(record, { patients: 3 })
    const proxy = { caller: patientCaller(first, second), transport: record.transport }
    const [one, two] = await openings()
    const answer = await call(
      'Appointment/$book',
      bookParameters({ opening: one as Appointment, patient: second }),
      proxy,
    )
    expect(answer.status).toBe(201)
    const cancelled = await call(
      `Appointment/${resourceOf<Appointment>(answer).id}/$cancel`,
      cancelParameters({}),
      proxy,
    )
    expect(JSON.stringify(resourceOf(cancelled))).toContain('"valueCode":"proxy"')
    const third = clinic.patients[2] ?? ''
    expect(
      (
        await call(
          'Appointment/$book',
          bookParameters({ opening: two as Appointment, patient: third }),
          proxy,
        )
      ).status,
    ).toBe(403)
    const limited = {
      ...proxy,
      caller: {
        ...proxy.caller,
        people: proxy.caller.people.map((one) => ({ ...one, resourceTypes: ['Observation'] })),
      },
    }
    expect(
      (
        await call(
          'Appointment/$book',
          bookParameters({ opening: two as Appointment, patient: second }),
          limited,
        )
      ).status,
    ).toBe(403)
    expect((await book(two, third)).status).toBe('booked')
  })

  test('only what the rules offer can be booked, whatever the request says', async () => {
    const { first, as, openings, clinic } = await openClinic(record, { clinicians: 1 })
    const [opening] = await openings()
    const shifted = {
      ...opening,
      start: new Date(Date.parse(opening?.start ?? '') + 5 * 60_000).toISOString(),
    } as Appointment
    expect(
      reasonOf(
        await call('Appointment/$book', bookParameters({ opening: shifted, patient: first }), as(first)),
      ),
    ).toBe('not-bookable')
    const long = {
      ...opening,
      end: new Date(Date.parse(opening?.end ?? '') + 3_600_000).toISOString(),
      status: 'fulfilled',
    } as Appointment
    const booked = resourceOf<Appointment>(
      await call('Appointment/$book', bookParameters({ opening: long, patient: first }), as(first)),
    )
    expect(booked).toMatchObject({ end: opening?.end, status: 'booked' })
    const elsewhere = {
      ...opening,
      participant: [
        { actor: { reference: 'Practitioner/nobody' }, status: 'accepted' },
        { actor: { reference: clinic.service }, status: 'accepted' },
      ],
    } as Appointment
    expect(
      reasonOf(
        await call('Appointment/$book', bookParameters({ opening: elsewhere, patient: first }), as(first)),
      ),
    ).toBe('not-offered-here')
  })

  test('a patient cancels within the notice, the clinic until it begins, nobody after it', async () => {
    const { first, as, staff, openings, book } = await openClinic(record)
    const visit = await book((await openings())[0], first)
    const startMs = Date.parse(visit.start ?? '')
    const path = `Appointment/${visit.id}/$cancel`
    const late = await call(path, cancelParameters({}), as(first, { now: () => startMs - 30 * 60_000 }))
    expect(reasonOf(late)).toBe('too-late-to-cancel')
    const past = await call(path, cancelParameters({}), { ...staff, now: () => startMs + 60_000 })
    expect(reasonOf(past)).toBe('already-past')
    const stale = await call(path, cancelParameters({ version: '77' }), staff)
    expect(reasonOf(stale)).toBe('changed-meanwhile')
    expect((await call(path, cancelParameters({ reason: { code: 'nonsense' } }), staff)).status).toBe(422)
    expect((await call(path, cancelParameters({}), { ...staff, now: () => startMs - 60_000 })).status).toBe(
      200,
    )
  })

  test('a cancelled visit and a moved one each leave their notice, with nothing of health in it', async () => {
    const { first, as, openings, book } = await openClinic(record)
    const visit = await book((await openings())[0], first)
    await call(`Appointment/${visit.id}/$cancel`, cancelParameters({}), as(first))
    const notices = await record.fhir.searchAll('CommunicationRequest', { subject: first })
    const kinds = notices.map(({ category }) => category?.[0]?.coding?.[0]?.code)
    expect(new Set(kinds)).toEqual(new Set(['appointment-booked', 'appointment-cancelled']))
    expect(kinds).toHaveLength(2)
    expect(notices.map(({ about }) => about?.[0]?.reference)).toEqual([
      `Appointment/${visit.id}`,
      `Appointment/${visit.id}`,
    ])
  })
})

describe('the day the clocks change', { timeout: 60_000 }, () => {
  test.each([
    ['2027-03-14', '-04:00'],
    ['2027-11-07', '-05:00'],
  ])('%s offers and stores the clock time of the site', async (day, offset) => {
    const now = () => Date.parse(`${day}T00:00:00Z`) - 5 * 86_400_000
    const { first, as, staff, clinic } = await openClinic(record)
    const question = questionOf(clinic, { start: `${day}T00:00:00-05:00`, end: `${day}T23:59:59-05:00` })
    const found = resourceOf<Bundle>(await call('Appointment/$find', question, { ...staff, now }))
    const openings = (found.entry ?? []).map(({ resource }) => resource as Appointment)
    expect(openings.slice(0, 2).map(({ start }) => start)).toEqual([
      `${day}T08:00:00${offset}`,
      `${day}T08:30:00${offset}`,
    ])
    expect(openings).toHaveLength(24)
    const answer = await call(
      'Appointment/$book',
      bookParameters({ opening: openings[0] as Appointment, patient: first }),
      as(first, { now }),
    )
    const booked = resourceOf<Appointment>(answer)
    expect(booked.start).toBe(openings[0]?.start)
    expect(await record.fhir.read('Appointment', booked.id ?? '')).toMatchObject({ start: booked.start })
  })
})
