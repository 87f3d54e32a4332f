import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestRecord, type TestRecord } from '../testing/record.ts'

let record: TestRecord

beforeAll(async () => {
  record = await startTestRecord()
})

afterAll(async () => record.stop())

function slot(id: string, status: string, start: string, end: string, schedule = 'Schedule/a') {
  return {
    resourceType: 'Slot',
    id,
    status,
    schedule: { reference: schedule },
    start: `2027-03-${start}:00Z`,
    end: `2027-03-${end}:00Z`,
  }
}

function visit(id: string, status: string, start: string, slots: string[] = []) {
  return {
    resourceType: 'Appointment',
    id,
    status,
    start: `2027-03-${start}:00Z`,
    end: `2027-03-${start.slice(0, 3)}23:00:00Z`,
    ...(slots.length === 0 ? {} : { slot: slots.map((one) => ({ reference: `Slot/${one}` })) }),
    participant: [{ actor: { reference: 'Practitioner/a' }, status: 'accepted' }],
  }
}

function question(schedules: string[], actors: string[] = [], start = '02T00:00', end = '03T00:00') {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'start', valueInstant: `2027-03-${start}:00Z` },
      { name: 'end', valueInstant: `2027-03-${end}:00Z` },
      ...schedules.map((reference) => ({ name: 'schedule', valueReference: { reference } })),
      ...actors.map((reference) => ({ name: 'actor', valueReference: { reference } })),
    ],
  }
}

async function save(resource: { resourceType: string; id: string }) {
  const { status } = await record.send('PUT', `${resource.resourceType}/${resource.id}`, resource)
  expect(status).toBeLessThan(300)
}

/** Ids by name, as the operation tells them. */
async function idsOf(asked: object): Promise<string[]> {
  const { status, json } = await record.send('POST', 'Slot/$find-busy', asked)
  expect(status).toBe(200)
  const found: string[] = []
  for (const { name, part, resource } of json.parameter ?? []) {
    if (resource !== undefined) found.push(`${name} ${resource.id}`)
    for (const one of part ?? []) {
      if (one.valueString === undefined) continue
      for (const row of one.valueString.split(';')) found.push(`${one.name} ${row.split(',')[2]}`)
    }
  }
  return found.toSorted()
}

test('busy time is told by kind: what begins in the window, leave that reaches into it, and nothing that is free or over', async () => {
  await save({ resourceType: 'Schedule', id: 'a', actor: [{ reference: 'Practitioner/a' }] } as never)
  const slots = [
    slot('taken', 'busy', '02T09:00', '02T09:30'),
    slot('first', 'busy', '02T00:00', '02T00:30'),
    slot('before', 'busy', '01T23:59', '02T00:30'),
    slot('after', 'busy', '03T00:00', '03T00:30'),
    slot('other', 'busy', '02T09:00', '02T09:30', 'Schedule/b'),
    slot('versioned', 'busy', '02T11:00', '02T11:30', `${record.base}/Schedule/a/_history/1`),
    slot('free', 'free', '02T10:00', '02T10:30'),
    slot('wrong', 'entered-in-error', '02T10:00', '02T10:30'),
    slot('empty', 'busy', '02T10:00', '02T10:00'),
    slot('held', 'busy-tentative', '02T12:00', '02T12:30'),
    slot('leave', 'busy-unavailable', '01T00:00', '02T08:00'),
    slot('past-leave', 'busy-unavailable', '01T00:00', '02T00:00'),
  ]
  for (const one of slots) await save(one)
  await save(visit('alone', 'booked', '02T15:00'))
  await save(visit('with-slot', 'booked', '02T09:00', ['taken']))
  await save(visit('cancelled', 'cancelled', '02T15:00'))
  const expected = ['held held', 'leave leave', 'taken first', 'taken taken', 'taken versioned']
  expect(await idsOf(question(['Schedule/a']))).toEqual(expected)
  expect(await idsOf(question(['Schedule/a'], ['Practitioner/a', 'Practitioner/b']))).toEqual([
    ...expected,
    'visit alone',
  ])
  expect(await idsOf(question([]))).toEqual([])
})

test('a change shows at once: moved, freed, deleted, cancelled', async () => {
  const asked = question(['Schedule/c'], ['Practitioner/a'], '12T00:00', '13T00:00')
  await save(slot('one', 'busy', '12T09:00', '12T09:30', 'Schedule/c'))
  await save(slot('two', 'busy', '12T10:00', '12T10:30', 'Schedule/c'))
  await save(visit('three', 'booked', '12T11:00'))
  expect(await idsOf(asked)).toEqual(['taken one', 'taken two', 'visit three'])
  await save(slot('one', 'busy', '14T09:00', '14T09:30', 'Schedule/c'))
  await save(slot('two', 'busy-tentative', '12T10:00', '12T10:30', 'Schedule/c'))
  await save(visit('three', 'booked', '12T11:00', ['two']))
  expect(await idsOf(asked)).toEqual(['held two'])
  await record.send('DELETE', 'Slot/two')
  await save(visit('three', 'pending', '12T11:00'))
  expect(await idsOf(asked)).toEqual(['visit three'])
  await save(visit('three', 'cancelled', '12T11:00'))
  expect(await idsOf(asked)).toEqual([])
})

test('times are told to the millisecond, with their length', async () => {
  const one = { ...slot('exact', 'busy', '22T09:00', '22T09:30', 'Schedule/d') }
  await save({ ...one, start: '2027-03-22T10:00:00.123+01:00', end: '2027-03-22T09:30:00Z' } as never)
  const { json } = await record.send(
    'POST',
    'Slot/$find-busy',
    question(['Schedule/d'], [], '22T00:00', '23T00:00'),
  )
  expect(json.parameter[0].part).toEqual([
    { name: 'schedule', valueReference: { reference: 'Schedule/d' } },
    { name: 'taken', valueString: `${Date.parse('2027-03-22T09:00:00.123Z')},1799877,exact` },
  ])
})

test('a question that is not one is refused, and the capability statement names the operation', async () => {
  const good = question(['Schedule/a'])
  const times = good.parameter.slice(0, 2)
  const reference = (name: string, value: unknown) => ({ name, valueReference: { reference: value } })
  const wrong: unknown[] = [
    { resourceType: 'Slot' },
    { resourceType: 'Parameters' },
    { resourceType: 'Parameters', parameter: 'x' },
    { resourceType: 'Parameters', parameter: [null] },
    {
      resourceType: 'Parameters',
      parameter: times.toReversed().map((one) => ({ ...one, name: one.name === 'start' ? 'end' : 'start' })),
    },
    { resourceType: 'Parameters', parameter: [times[0], { name: 'end', valueInstant: '2027' }] },
    { resourceType: 'Parameters', parameter: [...times, { name: 'other' }] },
    { resourceType: 'Parameters', parameter: [...times, { name: 'schedule' }] },
    { resourceType: 'Parameters', parameter: [...times, reference('schedule', 'Patient/a')] },
    { resourceType: 'Parameters', parameter: [...times, reference('schedule', `Schedule/a"},{"x`)] },
    { resourceType: 'Parameters', parameter: [...times, reference('actor', 7)] },
    question(Array.from({ length: 1001 }, (_, index) => `Schedule/${index}`)),
    '[',
  ]
  for (const body of wrong)
    expect([body, (await record.send('POST', 'Slot/$find-busy', body)).status]).toEqual([body, 400])
  expect((await record.send('GET', 'Slot/$find-busy')).status).toBe(405)
  expect((await record.send('POST', 'Schedule/$find-busy', good)).status).toBe(404)
  const { json } = await record.send('GET', 'metadata')
  const operations = json.rest[0].resource.flatMap((one: { operation?: { name: string }[] }) =>
    (one.operation ?? []).filter((operation) => operation.name === 'find-busy'),
  )
  expect(operations).toEqual([
    { name: 'find-busy', definition: 'https://openward.example/fhir/OperationDefinition/Slot-find-busy' },
  ])
})
