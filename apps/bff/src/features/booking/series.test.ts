import type { Appointment, Bundle, Parameters } from '@medplum/fhirtypes'
import { cancelParameters, rescheduleParameters, seriesParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { call, outcomeOf, reasonOf, resourceOf } from '#/testing/booking-calls.ts'
import { type ClinicWithPeople, openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'

const WEEK_MS = 7 * 86_400_000

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

type Checked = { start: string; outcome: string; alternatives: string[] }

function occurrencesIn(parameters: Parameters): Checked[] {
  return (parameters.parameter ?? []).map(({ part = [] }) => ({
    start: part.find(({ name }) => name === 'start')?.valueInstant ?? '',
    outcome: part.find(({ name }) => name === 'outcome')?.valueCode ?? '',
    alternatives: part.flatMap(({ name, valueInstant }) =>
      name === 'alternative' ? [valueInstant ?? ''] : [],
    ),
  }))
}

async function check(people: ClinicWithPeople, opening: Appointment, count = 4): Promise<Checked[]> {
  const parameters = seriesParameters({ opening, patient: people.first, count })
  return occurrencesIn(resourceOf(await call('Appointment/$series', parameters, people.as(people.first))))
}

async function bookSeries(people: ClinicWithPeople, opening: Appointment, count = 4): Promise<Appointment[]> {
  const chosen = (await check(people, opening, count)).map(({ start }) => start)
  const parameters = seriesParameters({ opening, patient: people.first, count, chosen })
  const answer = await call('Appointment/$series', parameters, people.as(people.first))
  expect(answer.status).toBe(201)
  return (resourceOf<Bundle>(answer).entry ?? []).map(({ resource }) => resource as Appointment)
}

/** The opening of a clinic at which its second week is already taken by somebody else. */
async function withTakenWeek(people: ClinicWithPeople) {
  const [opening] = await people.openings()
  if (opening === undefined) throw new Error('no opening')
  const from = Date.parse(opening.start ?? '') + WEEK_MS
  const [same] = await people.openings({
    start: new Date(from).toISOString(),
    end: new Date(from + 60_000).toISOString(),
  })
  await people.book(same, people.second)
  return opening
}

describe('a weekly series', { timeout: 60_000 }, () => {
  test('checks every week, names the one that fails and offers others of that week', async () => {
    const people = await openClinic(record)
    const occurrences = await check(people, await withTakenWeek(people))
    expect(occurrences.map(({ outcome }) => outcome)).toEqual(['free', 'taken', 'free', 'free'])
    expect(occurrences[1]?.alternatives).toHaveLength(3)
  })

  test('is booked whole or not at all', async () => {
    const people = await openClinic(record)
    const opening = await withTakenWeek(people)
    const occurrences = await check(people, opening)
    const all = seriesParameters({
      opening,
      patient: people.first,
      count: 4,
      chosen: occurrences.map(({ start }) => start),
    })
    const refused = await call('Appointment/$series', all, people.as(people.first))
    expect(refused.status).toBe(409)
    expect(reasonOf(refused)).toBe('taken')
    expect(outcomeOf(refused)?.issue).toHaveLength(1)
    expect(JSON.stringify(outcomeOf(refused))).toContain(occurrences[1]?.start)
    expect(await record.fhir.searchAll('Appointment', { patient: people.first })).toEqual([])

    const instead = occurrences.map(({ start, alternatives }) => alternatives[0] ?? start)
    const chosen = seriesParameters({ opening, patient: people.first, count: 4, chosen: instead })
    expect((await call('Appointment/$series', chosen, people.as(people.first))).status).toBe(201)
    expect(await record.fhir.searchAll('Appointment', { patient: people.first })).toHaveLength(4)
  })

  test.each([
    ['this', ['booked', 'cancelled', 'booked', 'booked']],
    ['following', ['booked', 'cancelled', 'cancelled', 'cancelled']],
    ['all', ['cancelled', 'cancelled', 'cancelled', 'cancelled']],
  ] as const)('cancelled for %s leaves exactly the rest', async (scope, expected) => {
    const people = await openClinic(record)
    const [opening] = await people.openings()
    const visits = await bookSeries(people, opening as Appointment)
    const answer = await call(
      `Appointment/${visits[1]?.id}/$cancel`,
      cancelParameters({ scope }),
      people.as(people.first),
    )
    expect(answer.status).toBe(200)
    const states = await Promise.all(
      visits.map(async ({ id = '' }) => (await record.fhir.read('Appointment', id)).status),
    )
    expect(states).toEqual(expected)
    const kept = expected.filter((state) => state === 'booked').length
    expect(await people.slotsOf(people.clinician)).toHaveLength(kept)
    expect(await people.slotsOf(people.first)).toHaveLength(kept)
  })

  test('moved from one visit on shifts the following by the same clock time, and makes no new ones', async () => {
    const people = await openClinic(record)
    const [opening, next] = await people.openings()
    const visits = await bookSeries(people, opening as Appointment)
    const from = Date.parse(visits[1]?.start ?? '') + 30 * 60_000
    const [target] = await people.openings({
      start: new Date(from).toISOString(),
      end: new Date(from + 60_000).toISOString(),
    })
    const answer = await call(
      `Appointment/${visits[1]?.id}/$reschedule`,
      rescheduleParameters({ opening: target as Appointment, scope: 'following' }),
      people.as(people.first),
    )
    expect(answer.status).toBe(200)
    const stored = await Promise.all(visits.map(({ id = '' }) => record.fhir.read('Appointment', id)))
    const clock = (start: string | undefined) => start?.slice(11, 16)
    expect(stored.map(({ start }) => clock(start))).toEqual([
      clock(opening?.start),
      ...[1, 2, 3].map(() => clock(next?.start)),
    ])
    expect(await record.fhir.searchAll('Appointment', { patient: people.first })).toHaveLength(4)
  })

  test('moved as a whole is refused whole when one new time is taken', async () => {
    const people = await openClinic(record)
    const [opening, next] = await people.openings()
    const visits = await bookSeries(people, opening as Appointment)
    const lastAt = Date.parse(visits[3]?.start ?? '') + 30 * 60_000
    const [blocked] = await people.openings({
      start: new Date(lastAt).toISOString(),
      end: new Date(lastAt + 60_000).toISOString(),
    })
    await people.book(blocked, people.second)
    const answer = await call(
      `Appointment/${visits[0]?.id}/$reschedule`,
      rescheduleParameters({ opening: next as Appointment, scope: 'all' }),
      people.as(people.first),
    )
    expect(reasonOf(answer)).toBe('taken')
    const stored = await Promise.all(visits.map(({ id = '' }) => record.fhir.read('Appointment', id)))
    expect(stored.map(({ start }) => start)).toEqual(visits.map(({ start }) => start))
  })

  test('of more than 400 days is moved as a whole', async () => {
    const people = await openClinic(record, { rules: { horizonDays: 730 } })
    const [opening, next] = await people.openings()
    const intervalWeeks = 8
    const series = { opening: opening as Appointment, patient: people.first, count: 10, intervalWeeks }
    const options = people.as(people.first)
    const checked = occurrencesIn(
      resourceOf(await call('Appointment/$series', seriesParameters(series), options)),
    )
    const chosen = checked.map(({ start }) => start)
    const made = await call('Appointment/$series', seriesParameters({ ...series, chosen }), options)
    const [first] = resourceOf<Bundle>(made).entry ?? []
    const parameters = rescheduleParameters({ opening: next as Appointment, scope: 'all' })
    const moved = await call(`Appointment/${first?.resource?.id}/$reschedule`, parameters, options)
    const starts = (resourceOf<Bundle>(moved).entry ?? []).map(({ resource }) =>
      Date.parse((resource as Appointment).start ?? ''),
    )
    expect(starts).toEqual(chosen.map((start) => Date.parse(start) + 30 * 60_000))
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(400 * 86_400_000)
  })
})
