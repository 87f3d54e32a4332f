import type { Appointment } from '@medplum/fhirtypes'
import { bookParameters, holdParameters } from '@openward/scheduling'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { OperationAnswer } from '#/lib/operation.ts'
import {
  call,
  openingsOf,
  patientCaller,
  reasonOf,
  resourceOf,
  staffCaller,
} from '#/testing/booking-calls.ts'
import { type Clinic, createClinic } from '#/testing/booking-clinic.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { type Breakage, gateFor, meddlingTransport } from '#/testing/broken-locks.ts'
import { doubleBookings, slotsAgainstVisits } from '#/testing/double-bookings.ts'

const TIMEOUT_MS = 180_000
const BREAKAGES: Breakage[] = ['without if-match', 'with the old revision']

let record: BookingRecord
beforeAll(async () => {
  record = await startBookingRecord()
}, TIMEOUT_MS)
afterAll(() => record.stop())

type Race = { answers: OperationAnswer[]; actors: string[] }

function staff() {
  return { caller: staffCaller(), transport: record.transport }
}

function countOf(answers: readonly OperationAnswer[], status: number): number {
  return answers.filter((answer) => answer.status === status).length
}

async function firstOpenings(clinic: Clinic, practitioners?: string[]): Promise<Appointment[]> {
  return openingsOf(clinic, staff(), practitioners ? { practitioners } : {})
}

/** Everybody books at once: all have decided before the first of them writes. */
function race(
  bookings: { opening: Appointment; patient: string }[],
  breakage?: Breakage,
): Promise<OperationAnswer[]> {
  const gate = gateFor(bookings.length)
  const transport = meddlingTransport(record.transport, { gate, breakage })
  return Promise.all(
    bookings.map(({ opening, patient }) =>
      call('Appointment/$book', bookParameters({ opening, patient }), {
        caller: patientCaller(patient),
        transport,
      }),
    ),
  )
}

async function manyForOneOpening(clients: number, breakage?: Breakage): Promise<Race> {
  const clinic = await createClinic(record.fhir, { patients: clients })
  const [opening] = await firstOpenings(clinic)
  if (opening === undefined) throw new Error('no opening')
  const answers = await race(
    clinic.patients.map((patient) => ({ opening, patient })),
    breakage,
  )
  return { answers, actors: [...clinic.clinicians, ...clinic.patients] }
}

async function onePatientTwoClinicians(breakage?: Breakage): Promise<Race> {
  const clinic = await createClinic(record.fhir, { clinicians: 2 })
  const [patient = ''] = clinic.patients
  const bookings = await Promise.all(
    clinic.clinicians.map(async (clinician) => {
      const [opening] = await firstOpenings(clinic, [clinician])
      if (opening === undefined) throw new Error('no opening')
      return { opening, patient }
    }),
  )
  return { answers: await race(bookings, breakage), actors: [...clinic.clinicians, patient] }
}

async function twoJointVisitsForOneRoom(breakage?: Breakage): Promise<Race> {
  const clinic = await createClinic(record.fhir, { clinicians: 2, patients: 2, rooms: 1 })
  const bookings = await Promise.all(
    clinic.clinicians.map(async (clinician, index) => {
      const [opening] = await firstOpenings(clinic, [clinician])
      const patient = clinic.patients[index]
      if (opening === undefined || patient === undefined) throw new Error('no opening')
      return { opening, patient }
    }),
  )
  return { answers: await race(bookings, breakage), actors: [...clinic.rooms, ...clinic.clinicians] }
}

/** A books its hold just before it ends, B the same time just after: both have decided before either writes. */
async function holdThatExpires(breakage?: Breakage): Promise<Race> {
  const clinic = await createClinic(record.fhir, { patients: 2 })
  const [first = '', second = ''] = clinic.patients
  const [opening] = await firstOpenings(clinic)
  if (opening === undefined) throw new Error('no opening')
  const longAgo = Date.now() - 10 * 60_000
  const held = resourceOf<Appointment>(
    await call('Appointment/$hold', holdParameters({ opening, patient: first }), {
      caller: patientCaller(first),
      transport: record.transport,
      now: () => longAgo,
    }),
  )
  const gate = gateFor(2)
  const transport = meddlingTransport(record.transport, { gate, breakage })
  const answers = await Promise.all([
    call('Appointment/$book', bookParameters({ hold: `Appointment/${held.id}` }), {
      caller: patientCaller(first),
      transport,
      now: () => longAgo + 60_000,
    }),
    call('Appointment/$book', bookParameters({ opening, patient: second }), {
      caller: patientCaller(second),
      transport,
    }),
  ])
  return { answers, actors: [...clinic.clinicians, ...clinic.patients] }
}

/** How a race ended: the statuses and reasons of the losers once each, and what the record holds against the promise. */
async function endOf({ answers, actors }: Race) {
  const lost = answers.filter(({ status }) => status !== 201)
  const { derived, stored } = await slotsAgainstVisits(record.fhir, actors)
  return {
    won: countOf(answers, 201),
    lost: lost.length,
    statuses: [...new Set(lost.map(({ status }) => status))],
    reasons: [...new Set(lost.map(reasonOf))],
    doubleBookings: await doubleBookings(record.fhir, actors),
    strayOrMissingSlots: [...stored, ...derived].filter(
      (one) => stored.includes(one) !== derived.includes(one),
    ),
  }
}

function oneWinner(lost: number, ...reasons: string[]) {
  return { won: 1, lost, statuses: [409], reasons, doubleBookings: [], strayOrMissingSlots: [] }
}

describe('when many book at once', () => {
  for (const round of [1, 2, 3]) {
    test(
      `200 clients for one opening: exactly one has it (round ${round})`,
      { timeout: TIMEOUT_MS },
      async () => {
        expect(await endOf(await manyForOneOpening(200))).toEqual(oneWinner(199, 'taken'))
      },
    )
  }

  test('one patient with two clinicians: exactly one visit', { timeout: TIMEOUT_MS }, async () => {
    expect(await endOf(await onePatientTwoClinicians())).toEqual(oneWinner(1, 'own-overlap'))
  })

  test('two joint visits for one room: exactly one has it', { timeout: TIMEOUT_MS }, async () => {
    expect(await endOf(await twoJointVisitsForOneRoom())).toEqual(oneWinner(1, 'no-room'))
  })

  test(
    'a hold that expires under its booking: exactly one has the time',
    { timeout: TIMEOUT_MS },
    async () => {
      const end = await endOf(await holdThatExpires())
      expect(['taken', 'hold-expired']).toContain(end.reasons[0])
      expect(end).toEqual(oneWinner(1, end.reasons[0] ?? ''))
    },
  )
})

describe('when many book different times of one clinician at once', () => {
  test('all of 40 have theirs', { timeout: TIMEOUT_MS }, async () => {
    const clinic = await createClinic(record.fhir, { patients: 40 })
    const openings = await openingsOf(clinic, staff(), { count: 40 })
    const bookings = clinic.patients.map((patient, index) => ({
      patient,
      opening: openings[index] as Appointment,
    }))
    const answers = await race(bookings)
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    expect(await doubleBookings(record.fhir, [...clinic.clinicians, ...clinic.patients])).toEqual([])
  })
})

describe('the lock is what keeps them apart', () => {
  for (const breakage of BREAKAGES) {
    test(`${breakage}, one opening is booked more than once`, { timeout: TIMEOUT_MS }, async () => {
      const { answers, actors } = await manyForOneOpening(5, breakage)
      expect(countOf(answers, 201)).toBeGreaterThan(1)
      expect(await doubleBookings(record.fhir, actors)).not.toEqual([])
    })

    test(`${breakage}, one patient is in two places`, { timeout: TIMEOUT_MS }, async () => {
      const { answers, actors } = await onePatientTwoClinicians(breakage)
      expect(countOf(answers, 201)).toBe(2)
      expect(await doubleBookings(record.fhir, actors)).not.toEqual([])
    })

    test(`${breakage}, one room holds two visits`, { timeout: TIMEOUT_MS }, async () => {
      const { answers, actors } = await twoJointVisitsForOneRoom(breakage)
      expect(countOf(answers, 201)).toBe(2)
      expect(await doubleBookings(record.fhir, actors)).not.toEqual([])
    })
  }

  test('without if-match, a hold that expires is booked twice', { timeout: TIMEOUT_MS }, async () => {
    const { answers } = await holdThatExpires('without if-match')
    expect(countOf(answers, 201)).toBe(2)
  })
})
