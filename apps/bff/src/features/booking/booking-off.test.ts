import type { Bundle, OperationOutcome, Parameters } from '@medplum/fhirtypes'
import { FhirClient, type FhirTransport } from '@openward/fhir-client'
import {
  CONFORMANCE_SUITE,
  type ConformanceVerdict,
  type ServerSoftware,
  verdictToBasic,
} from '@openward/fhir-client/conformance'
import { bookParameters, cancelParameters, holdParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { bookingOperations } from '#/features/booking/operations.ts'
import { capabilitiesOf } from '#/lib/capabilities.ts'
import { call, outcomeOf, questionOf, reasonOf, resourceOf } from '#/testing/booking-calls.ts'
import { type ClinicWithPeople, openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { elsewhere } from '#/testing/other-server.ts'

const MINUTE_MS = 60_000
let record: BookingRecord
let people: ClinicWithPeople
beforeAll(async () => {
  record = await startBookingRecord()
  people = await openClinic(record)
}, 60_000)
afterAll(() => record.stop())

let count = 0
function newSoftware(): ServerSoftware {
  count += 1
  return { name: 'Other server', version: `1.${count}` }
}

/** As `npm run conformance -- <url> --save` leaves it. */
async function save(software: ServerSoftware, other: Partial<ConformanceVerdict> = {}): Promise<void> {
  const verdict = {
    software,
    suite: CONFORMANCE_SUITE,
    isPassed: true,
    ranAt: new Date().toISOString(),
    results: {},
  }
  const basic = verdictToBasic({ ...verdict, ...other })
  await record.fhir.send({
    method: 'PUT',
    path: `Basic/${basic.id}`,
    body: JSON.stringify(basic),
    resourceType: 'Basic',
    options: {},
    repeatable: true,
  })
}

async function holdOn(transport: FhirTransport) {
  const [opening] = await people.openings()
  if (opening === undefined) throw new Error('no openings')
  const parameters = holdParameters({ opening, patient: people.first })
  return call('Appointment/$hold', parameters, { ...people.as(people.first), transport })
}

describe('on a server that nothing proves safe', () => {
  test('a hold is refused with a reason, and with the command that an administrator runs', async () => {
    const refused = await holdOn(elsewhere(record.transport, newSoftware))
    expect([refused.status, reasonOf(refused)]).toEqual([409, 'booking-off'])
    expect(outcomeOf(refused)?.issue[0]?.details?.text).toContain('npm run conformance')
    expect(await record.fhir.searchAll('Appointment', { patient: people.first })).toEqual([])
  })

  test('every operation that changes a calendar is refused, whatever is asked of it', async () => {
    const transport = elsewhere(record.transport, newSoftware)
    const changing = bookingOperations.filter(({ name }) => !['$find', '$find-days', '$ics'].includes(name))
    expect(changing.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        '$hold',
        '$book',
        '$cancel',
        '$reschedule',
        '$release',
        '$series',
        '$block',
        '$unblock',
        '$close',
      ]),
    )
    for (const { type, level, name } of changing) {
      const path = level === 'instance' ? `${type}/1/${name}` : `${type}/${name}`
      const answer = await call(path, { resourceType: 'Parameters' }, { ...people.staff, transport })
      expect([name, reasonOf(answer)]).toEqual([name, 'booking-off'])
    }
  })

  test('whoever looks for openings is told the same reason, and is offered nothing', async () => {
    const options = { ...people.as(people.first), transport: elsewhere(record.transport, newSoftware) }
    const found = resourceOf<Bundle>(await call('Appointment/$find', questionOf(people.clinic), options))
    expect(found.total).toBe(0)
    const [only] = (found.entry ?? []).map(({ resource }) => resource as OperationOutcome)
    expect(only?.issue[0]?.details?.coding?.[0]?.code).toBe('booking-off')
    const days = await call('Appointment/$find-days', questionOf(people.clinic), options)
    expect(resourceOf<Parameters>(days).parameter).toBeUndefined()
  })
})

describe('booking is on', () => {
  test('with the embedded record of this release, without a verdict in it', async () => {
    expect((await capabilitiesOf(record.fhir)).isBookingSafe).toBe(true)
    expect(await record.fhir.searchAll('Basic', { code: 'passed' })).toEqual([])
  })

  test('with a passing verdict about this version of another server: a visit is held, booked and cancelled', async () => {
    const software = newSoftware()
    await save(software)
    const transport = elsewhere(record.transport, () => software)
    const options = { ...people.as(people.first), transport }
    const held = resourceOf(await holdOn(transport))
    const hold = `Appointment/${held.id}`
    const booked = resourceOf(await call('Appointment/$book', bookParameters({ hold }), options))
    const reason = {
      system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason',
      code: 'pat',
    }
    const answer = await call(`Appointment/${booked.id}/$cancel`, cancelParameters({ reason }), options)
    expect(resourceOf(answer)).toMatchObject({ status: 'cancelled' })
  })

  test.each([
    ['that failed', { isPassed: false }],
    ['of an older suite', { suite: '0' }],
  ])('not with a verdict %s', async (_, other) => {
    const software = newSoftware()
    await save(software, other)
    expect(reasonOf(await holdOn(elsewhere(record.transport, () => software)))).toBe('booking-off')
  })

  test('until the server is another version, which is seen after a minute', async () => {
    let software = newSoftware()
    await save(software)
    const fhir = new FhirClient(elsewhere(record.transport, () => software))
    const nowMs = Date.now()
    expect((await capabilitiesOf(fhir, nowMs)).isBookingSafe).toBe(true)
    software = newSoftware()
    expect((await capabilitiesOf(fhir, nowMs + MINUTE_MS / 2)).isBookingSafe).toBe(true)
    expect((await capabilitiesOf(fhir, nowMs + MINUTE_MS)).isBookingSafe).toBe(false)
    await save(software)
    expect((await capabilitiesOf(fhir, nowMs + MINUTE_MS + MINUTE_MS / 4)).isBookingSafe).toBe(true)
  })

  test('never because the server could not be asked: that is said as it is', async () => {
    const away: FhirTransport = {
      baseUrl: 'http://away.example/fhir',
      send: () => Promise.reject(new TypeError('connection refused')),
    }
    await expect(capabilitiesOf(new FhirClient(away))).rejects.toMatchObject({ code: 'unavailable' })
    await expect(holdOn(away)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
