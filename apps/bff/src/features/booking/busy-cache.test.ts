import { randomUUID } from 'node:crypto'

import type { Appointment, CapabilityStatement, Schedule, Slot } from '@medplum/fhirtypes'
import { EXTENSION, FhirClient, type FhirTransport, TransactionBuilder } from '@openward/fhir-client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { readBusyTime } from './busy-cache.ts'
import { type BusyBook, busyNow } from './busy-entries.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const NOON_MS = Date.parse('2027-03-10T12:00:00Z')
const RANGE = { startMs: NOON_MS, endMs: NOON_MS + 24 * HOUR_MS }

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, 60_000)
afterAll(() => record.stop())

type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never
type Elsewhere = { transport: FhirTransport; calls: string[] }

/** The same data as another FHIR server shows it, at another address; what it says of its operations is up to the test. */
function elsewhere(says: 'nothing' | 'no operation' | 'an operation that it has not'): Elsewhere {
  const calls: string[] = []
  const transport: FhirTransport = {
    baseUrl: `http://elsewhere.example/${randomUUID()}`,
    async send(request) {
      calls.push(request.path)
      if (request.path === 'metadata' && says === 'nothing')
        return { status: 403, headers: new Headers(), body: undefined }
      const path = request.path === 'Slot/$find-busy' ? 'Slot/$other' : request.path
      const answer = await record.transport.send({ ...request, path })
      if (request.path !== 'metadata' || says !== 'no operation') return answer
      const statement = answer.body as CapabilityStatement
      for (const resource of statement.rest?.[0]?.resource ?? []) delete resource.operation
      return answer
    },
  }
  return { transport, calls }
}

type Who = { clinicians: string[]; rooms: string[]; patient: string; schedules: Schedule[]; site: string }

/** The first clinician has two calendars, the last has none; a room shares one with a clinician, and the patient has one. */
function people(): Who {
  const [a = '', b = '', c = ''] = Array.from({ length: 3 }, () => `Practitioner/${randomUUID()}`)
  const [site, room] = [`Location/${randomUUID()}`, `Location/${randomUUID()}`]
  const patient = `Patient/${randomUUID()}`
  const schedules = [[a], [a], [b, room], [patient]].map((actors): Schedule & { id: string } => ({
    resourceType: 'Schedule',
    id: randomUUID(),
    actor: actors.map((reference) => ({ reference })),
  }))
  return { clinicians: [a, b, c], rooms: [room], patient, schedules, site }
}

const startMinutes = fc.integer({ min: -72 * 4, max: 96 * 4 }).map((quarter) => quarter * 15)
const lengthMinutes = fc.oneof(
  fc.integer({ min: 0, max: 120 }),
  fc.integer({ min: 1, max: 80 }).map((hours) => hours * 60),
)
const heldMinutes = fc.option(fc.integer({ min: -60, max: 60 }), { nil: undefined })
const slotData = fc.record({
  schedule: fc.nat(3),
  form: fc.constantFrom('plain', 'versioned'),
  status: fc.constantFrom('busy', 'busy', 'busy-tentative', 'busy-unavailable', 'free', 'entered-in-error'),
  start: startMinutes,
  length: lengthMinutes,
  offset: fc.constantFrom(0, 1, 59_999),
  held: heldMinutes,
})
const visitData = fc.record({
  status: fc.constantFrom(
    ...([
      'booked',
      'pending',
      'proposed',
      'arrived',
      'cancelled',
      'entered-in-error',
      'fulfilled',
      'noshow',
    ] as const),
  ),
  start: startMinutes,
  length: lengthMinutes,
  held: heldMinutes,
  slots: fc.array(fc.nat(200), { maxLength: 2 }),
  actors: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 4 }),
  declined: fc.nat(8),
})

function heldUntil(minutes: number | undefined) {
  if (minutes === undefined) return {}
  return {
    extension: [
      { url: EXTENSION.heldUntil, valueInstant: new Date(NOON_MS + minutes * MINUTE_MS).toISOString() },
    ],
  }
}

function timeOf(start: number, length: number, offset = 0) {
  const startMs = NOON_MS + start * MINUTE_MS + offset
  return { start: new Date(startMs).toISOString(), end: new Date(startMs + length * MINUTE_MS).toISOString() }
}

async function store(who: Who, slots: ValueOf<typeof slotData>[], visits: ValueOf<typeof visitData>[]) {
  const transaction = new TransactionBuilder()
  for (const schedule of who.schedules) transaction.createWithId(schedule as Schedule & { id: string })
  const ids = slots.map(() => randomUUID())
  for (const [index, { schedule, form, status, start, length, offset, held }] of slots.entries()) {
    const plain = `Schedule/${who.schedules[schedule]?.id}`
    const slot: Slot & { id: string } = {
      resourceType: 'Slot',
      id: ids[index] ?? '',
      schedule: { reference: form === 'plain' ? plain : `${plain}/_history/1` },
      status: status as Slot['status'],
      ...timeOf(start, length, offset),
      ...heldUntil(held),
    }
    transaction.createWithId(slot)
  }
  const actors = [...who.clinicians, ...who.rooms, who.patient]
  for (const visit of visits) {
    const mine = visit.slots.flatMap((index) => ids[index] ?? [])
    const appointment: Appointment & { id: string } = {
      resourceType: 'Appointment',
      id: randomUUID(),
      status: visit.status,
      ...timeOf(visit.start, visit.length),
      ...heldUntil(visit.held),
      ...(mine.length > 0 ? { slot: mine.map((id) => ({ reference: `Slot/${id}` })) } : {}),
      participant: [
        { actor: { reference: who.site }, status: 'accepted' },
        ...visit.actors.map((actor) => ({
          actor: { reference: actors[actor] ?? '' },
          status: actor === visit.declined ? ('declined' as const) : ('accepted' as const),
        })),
      ],
    }
    transaction.createWithId(appointment)
  }
  await record.fhir.transaction(transaction)
}

function sorted(book: BusyBook, now?: number) {
  return [...book]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([actor, entries]) => {
      const counted = now === undefined ? entries : busyNow(entries, { now })
      const texts = counted.map((entry) =>
        JSON.stringify(Object.entries(entry).toSorted(([a], [b]) => a.localeCompare(b))),
      )
      return [actor, texts.toSorted()]
    })
}

describe('busy time for looking around', { timeout: 120_000 }, () => {
  const read = (transport: FhirTransport, who: Who) => {
    const actors = [...who.clinicians, ...who.rooms, who.patient]
    return readBusyTime(new FhirClient(transport), actors, RANGE, AbortSignal.timeout(20_000))
  }

  test('is the same from a server that tells it in few words as from searches, whatever is stored', async () => {
    let compared = 0
    const found = { transport: record.transport, calls: [] as string[] }
    const here: FhirTransport = {
      baseUrl: record.transport.baseUrl,
      send: (request) => {
        found.calls.push(request.path)
        return record.transport.send(request)
      },
    }
    const property = fc.asyncProperty(
      fc.array(slotData, { minLength: 5, maxLength: 60 }),
      fc.array(visitData, { maxLength: 25 }),
      async (slots, visits) => {
        const who = people()
        await store(who, slots, visits)
        const other = elsewhere('no operation')
        const [told, searched] = [await read(here, who), await read(other.transport, who)]
        expect(sorted(told)).toEqual(sorted(searched))
        for (const minutes of [-61, 0, 61]) {
          const now = NOON_MS + minutes * MINUTE_MS
          expect(sorted(told, now)).toEqual(sorted(searched, now))
        }
        expect(other.calls).not.toContain('Slot/$find-busy')
        compared += [...told.values()].flat().length
      },
    )
    await fc.assert(property, { numRuns: 25 })
    expect(compared).toBeGreaterThan(100)
    expect(found.calls).toContain('Slot/$find-busy')
    expect(found.calls.filter((path) => path === 'Slot/_search')).toEqual([])
  })

  test('comes from searches when a server says nothing of itself, or names an operation that it has not, and is asked once', async () => {
    for (const says of ['nothing', 'an operation that it has not'] as const) {
      const { transport, calls } = elsewhere(says)
      for (const round of [1, 2]) {
        const who = people()
        await store(
          who,
          [{ schedule: 0, form: 'plain', status: 'busy', start: 60, length: 30, offset: 0, held: undefined }],
          [],
        )
        expect([round, (await read(transport, who)).get(who.clinicians[0] ?? '')?.length]).toEqual([round, 1])
      }
      expect(calls.filter((path) => path === 'metadata')).toHaveLength(1)
      expect(calls.filter((path) => path === 'Slot/$find-busy').length).toBeLessThanOrEqual(1)
    }
  })

  test('counts what begins before the range and reaches into it, and what a buffer at its end would touch', async () => {
    const who = people()
    const slot = { schedule: 0, form: 'plain' as const, length: 60, offset: 0 as const, held: undefined }
    await store(
      who,
      [
        { ...slot, status: 'busy', start: -30 },
        { ...slot, status: 'busy-unavailable', start: -60 * 60, length: 61 * 60 },
        { ...slot, status: 'busy', start: 24 * 60 },
      ],
      [],
    )
    for (const transport of [record.transport, elsewhere('no operation').transport]) {
      const entries = (await read(transport, who)).get(who.clinicians[0] ?? '') ?? []
      expect(entries.map(({ startMs }) => (startMs - NOON_MS) / MINUTE_MS).toSorted((a, b) => a - b)).toEqual(
        [-3600, -30, 1440],
      )
    }
  })
})
