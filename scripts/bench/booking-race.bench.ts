import type { Appointment, OperationOutcome } from '@medplum/fhirtypes'
import type { FhirClient } from '@openward/fhir-client'

import { createClinic } from '../../apps/bff/src/testing/booking-clinic.ts'
import { atLeast, atMost, type Bench, percentile } from './bench.ts'
import { ask, bookingOf, openingsOf, recordOf, tokenOf } from './booking-requests.ts'
import type { System } from '../system/system.ts'

const CLIENTS = 200
const ROUNDS = 20
const DAY_MS = 86_400_000

type Client = { patient: string; token: string }
/** `index`: which of the openings they want. */
type Try = { client: Client; clinician: string; index: number }
type Round = { booked: number; unexplained: number; milliseconds: number }

async function signInAll(system: System, patients: readonly string[]): Promise<Client[]> {
  const clients: Client[] = []
  for (let at = 0; at < patients.length; at += 8) {
    const some = patients.slice(at, at + 8)
    clients.push(
      ...(await Promise.all(
        some.map(async (patient) => ({ patient, token: await tokenOf(system, 'patient', patient) })),
      )),
    )
  }
  return clients
}

/** Openings by clinician at the same moment: the `index`-th at which all of them are free. */
async function sameTime(
  system: System,
  service: string,
  tries: readonly Try[],
): Promise<Map<string, Appointment>> {
  const now = Date.now()
  const token = tries[0]?.client.token ?? ''
  const index = tries[0]?.index ?? 0
  const lists = await Promise.all(
    [...new Set(tries.map(({ clinician }) => clinician))].map(async (practitioner) => {
      const question = { startMs: now + DAY_MS, endMs: now + 9 * DAY_MS, service, practitioner, count: 100 }
      return { practitioner, openings: await openingsOf(system, token, question) }
    }),
  )
  const common = (lists[0]?.openings ?? []).filter(({ start }) =>
    lists.every(({ openings }) => openings.some((one) => one.start === start)),
  )
  return new Map(
    lists.flatMap(({ practitioner, openings }) => {
      const opening = openings.find(({ start }) => start === common[index]?.start)
      return opening ? [[practitioner, opening] as const] : []
    }),
  )
}

/** Everybody sends at the same moment. */
async function race(system: System, service: string, tries: readonly Try[]): Promise<Round> {
  const openings = await sameTime(system, service, tries)
  const startedAt = performance.now()
  const answers = await Promise.all(
    tries.map(async ({ client, clinician }) => {
      const opening = openings.get(clinician)
      if (opening === undefined) throw new Error('There are too few openings for the race.')
      const answer = await ask(system, client.token, '$book', bookingOf(opening, client.patient))
      const body = (await answer.json()) as OperationOutcome
      return { status: answer.status, reason: body.issue?.[0]?.details?.coding?.[0]?.code }
    }),
  )
  return {
    booked: answers.filter(({ status }) => status === 201).length,
    unexplained: answers.filter(({ status, reason }) => status !== 201 && (status !== 409 || !reason)).length,
    milliseconds: performance.now() - startedAt,
  }
}

async function bookedVisits(fhir: FhirClient, actor: string): Promise<number> {
  return (await fhir.searchAll('Appointment', { actor, status: 'booked', _count: 1000 })).length
}

function figures(what: string, rounds: readonly Round[], stored: number) {
  const slowest = percentile(
    rounds.map(({ milliseconds }) => milliseconds / 1000),
    1,
  )
  return [
    atLeast(
      `${what}: rounds with exactly one 201`,
      rounds.filter(({ booked }) => booked === 1).length,
      ROUNDS,
      'rounds',
      {
        what: 'slowest round, s',
        value: slowest,
      },
    ),
    atMost(`${what}: booked beyond one a round`, stored - ROUNDS, 0, 'visits'),
    atMost(
      `${what}: answers without 409 and a reason`,
      rounds.reduce((sum, { unexplained }) => sum + unexplained, 0),
      0,
      'answers',
    ),
  ]
}

/** Whether many who want the same time at once end with exactly one visit, round after round. */
export const bench: Bench = {
  name: 'booking-race',
  what: `${CLIENTS} clients book one opening at once; one person books two clinicians; two visits want one room (${ROUNDS} rounds each)`,
  async run({ system, log }) {
    const running = await system()
    const fhir = recordOf(running)
    const clinic = await createClinic(fhir, { clinicians: ROUNDS, patients: CLIENTS })
    const clients = await signInAll(running, clinic.patients)
    log(`${clients.length} people are signed in`)
    const forOne: Round[] = []
    for (const [index, clinician] of clinic.clinicians.entries()) {
      forOne.push(
        await race(
          running,
          clinic.service,
          clients.map((client) => ({ client, clinician, index })),
        ),
      )
    }
    const storedForOne = await Promise.all(clinic.clinicians.map((one) => bookedVisits(fhir, one)))

    const pair = await createClinic(fhir, { clinicians: 2, patients: ROUNDS })
    const people = await signInAll(running, pair.patients)
    const twice: Round[] = []
    for (const client of people) {
      twice.push(
        await race(
          running,
          pair.service,
          pair.clinicians.map((clinician) => ({ client, clinician, index: 0 })),
        ),
      )
    }
    const storedTwice = await Promise.all(pair.patients.map((one) => bookedVisits(fhir, one)))

    const joint = await createClinic(fhir, { clinicians: 2, rooms: 1, patients: 2 })
    const both = await signInAll(running, joint.patients)
    const inRoom: Round[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const tries = joint.clinicians.flatMap((clinician, at) => {
        const client = both[at]
        return client ? [{ client, clinician, index: 0 }] : []
      })
      inRoom.push(await race(running, joint.service, tries))
    }
    const storedInRoom = await bookedVisits(fhir, joint.rooms[0] ?? '')
    const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
    return [
      ...figures(`${CLIENTS} for one opening`, forOne, sum(storedForOne)),
      ...figures('one person, two clinicians', twice, sum(storedTwice)),
      ...figures('two visits, one room', inRoom, storedInRoom),
    ]
  },
}
