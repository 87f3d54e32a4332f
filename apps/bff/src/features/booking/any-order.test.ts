import type { Appointment } from '@medplum/fhirtypes'
import {
  blockParameters,
  bookParameters,
  cancelParameters,
  holdParameters,
  rescheduleParameters,
} from '@openward/scheduling'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { OperationAnswer } from '#/lib/operation.ts'
import { call } from '#/testing/booking-calls.ts'
import { type ClinicWithPeople, openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { doubleBookings, slotsAgainstVisits } from '#/testing/double-bookings.ts'
import { calendarId } from './calendars.ts'

const TIMEOUT_MS = 180_000
const AT_ONCE = 6
const MINUTE_MS = 60_000

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, TIMEOUT_MS)
afterAll(() => record.stop())

type Step = {
  kind: 'book' | 'hold' | 'book-hold' | 'cancel' | 'reschedule' | 'release' | 'expire' | 'block'
  patient: number
  clinician: number
  time: number
  pick: number
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    'book',
    'book',
    'book',
    'hold',
    'hold',
    'book-hold',
    'book-hold',
    'cancel',
    'reschedule',
    'reschedule',
    'release',
    'expire',
    'block',
  ),
  patient: fc.nat(2),
  clinician: fc.nat(1),
  time: fc.nat(4),
  pick: fc.nat(99),
})

/** What the answers promised, to be found again in the record. */
type World = {
  people: ClinicWithPeople
  openings: Appointment[][]
  offsetMs: number
  holds: string[]
  booked: Set<string>
  cancelled: Set<string>
  statuses: Set<number>
}

async function openWorld(): Promise<World> {
  const people = await openClinic(record, { clinicians: 2, rooms: 1, patients: 3 })
  const openings = await Promise.all(
    people.clinic.clinicians.map((one) => people.openings({ practitioners: [one] })),
  )
  return {
    people,
    openings,
    offsetMs: 0,
    holds: [],
    booked: new Set(),
    cancelled: new Set(),
    statuses: new Set(),
  }
}

function picked(from: Iterable<string>, pick: number): string {
  const all = [...from]
  return all[pick % Math.max(1, all.length)] ?? 'none'
}

function request(
  world: World,
  { kind, patient, clinician, time, pick }: Step,
): { path: string; body: ReturnType<typeof bookParameters>; staff?: boolean } {
  const who = world.people.clinic.patients[patient] ?? ''
  const opening = world.openings[clinician]?.[time] as Appointment
  const visit = picked(world.booked, pick)
  switch (kind) {
    case 'book':
    case 'expire':
      return { path: 'Appointment/$book', body: bookParameters({ opening, patient: who }) }
    case 'hold':
      return { path: 'Appointment/$hold', body: holdParameters({ opening, patient: who }) }
    case 'book-hold':
      return {
        path: 'Appointment/$book',
        body: bookParameters({ hold: `Appointment/${picked(world.holds, pick)}` }),
        staff: true,
      }
    case 'cancel':
      return { path: `Appointment/${visit}/$cancel`, body: cancelParameters({}), staff: true }
    case 'reschedule':
      return {
        path: `Appointment/${visit}/$reschedule`,
        body: rescheduleParameters({ opening }),
        staff: true,
      }
    case 'release':
      return {
        path: `Appointment/${picked(world.holds, pick)}/$release`,
        body: { resourceType: 'Parameters' },
        staff: true,
      }
    case 'block': {
      const schedule = calendarId(world.people.clinic.clinicians[clinician] ?? '')
      const leave = blockParameters({ start: opening.start ?? '', end: opening.end ?? '' })
      return { path: `Schedule/${schedule}/$block`, body: leave, staff: true }
    }
  }
}

function remember(world: World, { kind }: Step, answer: OperationAnswer): void {
  world.statuses.add(answer.status)
  const id = 'resource' in answer ? answer.resource.id : undefined
  if (id === undefined) return
  if (kind === 'hold') world.holds.push(id)
  if (kind === 'book' || kind === 'book-hold' || kind === 'expire') world.booked.add(id)
  if (kind === 'cancel') world.cancelled.add(id)
}

async function run(world: World, steps: readonly Step[]): Promise<void> {
  for (let at = 0; at < steps.length; at += AT_ONCE) {
    await Promise.all(
      steps.slice(at, at + AT_ONCE).map(async (one) => {
        // everybody's holds run out: this client's clock, and from then on all clocks, are past their end
        if (one.kind === 'expire') world.offsetMs += 11 * MINUTE_MS
        const { offsetMs } = world
        const { path, body, staff } = request(world, one)
        const who = world.people.clinic.patients[one.patient] ?? ''
        const options = staff ? world.people.staff : world.people.as(who)
        remember(world, one, await call(path, body, { ...options, now: () => Date.now() + offsetMs }))
      }),
    )
  }
}

test(
  'whatever many people do at once, nobody is in two places and nothing promised is lost',
  { timeout: TIMEOUT_MS },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 24, maxLength: 48 }), async (steps) => {
        const world = await openWorld()
        await run(world, steps)
        const { clinicians, rooms, patients } = world.people.clinic
        const actors = [...clinicians, ...rooms, ...patients]
        expect(await doubleBookings(record.fhir, actors, Date.now() + world.offsetMs)).toEqual([])
        const { derived, stored } = await slotsAgainstVisits(record.fhir, actors)
        expect(stored).toEqual(derived)
        for (const id of world.booked) {
          const { status } = await record.fhir.read('Appointment', id)
          expect(status).toBe(world.cancelled.has(id) ? 'cancelled' : 'booked')
        }
        const known = [200, 201, 404, 409]
        expect([...world.statuses].filter((status) => !known.includes(status))).toEqual([])
      }),
      { numRuns: 12, interruptAfterTimeLimit: TIMEOUT_MS - 60_000 },
    )
  },
)
