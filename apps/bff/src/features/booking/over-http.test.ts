import type { Appointment, Bundle, OperationOutcome, Parameters } from '@medplum/fhirtypes'
import {
  bookParameters,
  cancelParameters,
  findParameters,
  holdParameters,
  rescheduleParameters,
} from '@openward/scheduling'
import ICAL from 'ical.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createClinic } from '#/testing/booking-clinic.ts'
import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'

const DAY_MS = 86_400_000
let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
}, 60_000)
afterAll(() => harness.stop())

async function post(person: TestPerson, path: string, body: Parameters, key?: string): Promise<Response> {
  return harness.fetchAs(person, path, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json', ...(key ? { 'idempotency-key': key } : {}) },
    body: JSON.stringify(body),
  })
}

async function json<T>(response: Response): Promise<T> {
  return (await response.json()) as T
}

async function setUp() {
  const clinic = await createClinic(harness.record.fhir(), { patients: 2 })
  const [first = '', second = ''] = clinic.patients
  const me: TestPerson = { fhirUser: first, roles: ['patient'] }
  const now = Date.now()
  const question = findParameters({
    start: new Date(now + DAY_MS).toISOString(),
    end: new Date(now + 4 * DAY_MS).toISOString(),
    service: clinic.service,
    patient: first,
  })
  return { clinic, first, second, me, question }
}

describe('a person books over HTTP', { timeout: 60_000 }, () => {
  test('finds, holds, books, moves, takes the calendar file and cancels', async () => {
    const { first, me, question } = await setUp()
    const found = await json<Bundle>(await post(me, '/Appointment/$find', question))
    expect(found.total).toBeGreaterThan(60)
    const [one, two] = (found.entry ?? []).map(({ resource }) => resource as Appointment)
    if (one === undefined || two === undefined) throw new Error('no openings')
    const days = await json<Parameters>(await post(me, '/Appointment/$find-days', question))
    expect(days.parameter?.map(({ name }) => name)).toEqual(
      ['day', 'day', 'day', 'day'].slice(0, days.parameter?.length),
    )

    const held = await post(me, '/Appointment/$hold', holdParameters({ opening: one, patient: first }))
    expect(held.status).toBe(201)
    const hold = await json<Appointment>(held)
    const booked = await post(
      me,
      '/Appointment/$book',
      bookParameters({ hold: `Appointment/${hold.id}`, reason: 'secret rash' }),
    )
    expect(booked.status).toBe(201)
    expect(booked.headers.get('location')).toContain(`Appointment/${hold.id}`)
    const visit = await json<Appointment>(booked)

    const moved = await post(
      me,
      `/Appointment/${visit.id}/$reschedule`,
      rescheduleParameters({ opening: two }),
    )
    expect(await json<Appointment>(moved)).toMatchObject({ id: visit.id, status: 'booked', start: two.start })

    const file = await harness.fetchAs(me, `/Appointment/${visit.id}/$ics`)
    expect(file.headers.get('content-type')).toContain('text/calendar')
    const text = await file.text()
    expect(text).not.toContain('rash')
    const event = new ICAL.Event(
      new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent') ?? undefined,
    )
    expect(event.summary).toBe('Visit at Harbor Clinic')
    expect(event.startDate.toJSDate().toISOString()).toBe(new Date(two.start ?? '').toISOString())
    expect(event.sequence).toBe(1)

    const cancelled = await post(
      me,
      `/Appointment/${visit.id}/$cancel`,
      cancelParameters({ reason: { code: 'pat-mv' } }),
    )
    expect(await json<Appointment>(cancelled)).toMatchObject({ status: 'cancelled' })
    const after = await (await harness.fetchAs(me, `/Appointment/${visit.id}/$ics`)).text()
    expect(after).toContain('METHOD:CANCEL')
    expect(after).toContain('STATUS:CANCELLED')
    expect(after).toContain(`UID:${event.uid}`)
    expect(after).toContain('SEQUENCE:2')
  })

  test('names the field of a malformed request, and stores nothing', async () => {
    const { me, first } = await setUp()
    const answer = await post(me, '/Appointment/$hold', {
      resourceType: 'Parameters',
      parameter: [{ name: 'patient-reference', valueReference: { reference: first } }],
    })
    expect(answer.status).toBe(422)
    expect((await json<OperationOutcome>(answer)).issue[0]?.expression?.[0]).toContain('appointment-resource')
  })

  test('a stranger is refused, whoever the visit is for', async () => {
    const { me, second, question } = await setUp()
    const found = await json<Bundle>(await post(me, '/Appointment/$find', question))
    const opening = found.entry?.[0]?.resource as Appointment
    const answer = await post(me, '/Appointment/$book', bookParameters({ opening, patient: second }))
    expect([403, 404]).toContain(answer.status)
  })

  test('the same key sent twenty times at once books one visit', async () => {
    const { me, first, question } = await setUp()
    const found = await json<Bundle>(await post(me, '/Appointment/$find', question))
    const opening = found.entry?.[0]?.resource as Appointment
    const body = bookParameters({ opening, patient: first })
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(me, '/Appointment/$book', body, 'key-1')),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    const ids = new Set(
      await Promise.all(answers.map(async (answer) => (await json<Appointment>(answer)).id)),
    )
    expect(ids.size).toBe(1)
    const stored = await harness.record.fhir().searchAll('Appointment', { patient: first })
    expect(stored).toHaveLength(1)
  })
})
