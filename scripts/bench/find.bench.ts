import { randomUUID } from 'node:crypto'

import { type FhirClient, TransactionBuilder } from '@openward/fhir-client'

import { calendarId } from '../../apps/bff/src/features/booking/calendars.ts'
import { type Clinic, createClinic } from '../../apps/bff/src/testing/booking-clinic.ts'
import { atMost, type Bench, percentile } from './bench.ts'
import { ask, questionFor, recordOf, tokenOf } from './booking-requests.ts'

const CLINICIANS = 200
const DAYS = 30
const COLD_SAMPLES = 20
const WARM_SAMPLES = 60
const DAY_MS = 86_400_000
const HALF_HOUR_MS = 1_800_000
/** Longer than anything about sites, services and people is remembered. */
const FORGOTTEN_MS = 5_200
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const

/** As full as the demo population: the next days mostly, the weeks after less and less. */
function shareTaken(day: number): number {
  if (day < 5) return 0.8
  return day < 15 ? 0.45 : 0.15
}

/** Steady and evenly spread, so that two runs measure the same calendars. */
function isTaken(clinician: number, day: number, half: number): boolean {
  return ((half * 37 + day * 13 + clinician * 11) % 100) / 100 < shareTaken(day)
}

async function fillCalendars(fhir: FhirClient, clinic: Clinic, firstMs: number): Promise<number> {
  let visits = 0
  for (const [index, clinician] of clinic.clinicians.entries()) {
    const id = calendarId(clinician)
    const transaction = new TransactionBuilder()
    transaction.createWithId({
      resourceType: 'Schedule',
      id,
      active: true,
      actor: [{ reference: clinician }],
    })
    for (let day = 0; day < DAYS; day++) {
      const weekday = new Date(firstMs + day * DAY_MS).getUTCDay()
      for (let half = 0; half < 16; half++) {
        if (weekday === 0 || weekday === 6 || !isTaken(index, day, half)) continue
        const startMs = firstMs + day * DAY_MS + half * HALF_HOUR_MS
        const [start, end] = [new Date(startMs).toISOString(), new Date(startMs + HALF_HOUR_MS).toISOString()]
        const slot = randomUUID()
        const schedule = { reference: `Schedule/${id}` }
        transaction.createWithId({ resourceType: 'Slot', id: slot, schedule, status: 'busy', start, end })
        transaction.create({
          resourceType: 'Appointment',
          status: 'booked',
          start,
          end,
          slot: [{ reference: `Slot/${slot}` }],
          participant: [{ actor: { reference: clinician }, status: 'accepted' }],
        })
        visits++
      }
    }
    await fhir.transaction(transaction)
  }
  return visits
}

/** Gives every calendar another version, as a booking in each of them would. */
async function touchCalendars(fhir: FhirClient): Promise<void> {
  const transaction = new TransactionBuilder()
  for (const schedule of await fhir.searchAll('Schedule', { _count: 1000 })) {
    transaction.update({ ...schedule, comment: randomUUID() })
  }
  await fhir.transaction(transaction)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** How long it takes to find openings among 200 clinicians over 30 days. */
export const bench: Bench = {
  name: 'find',
  what: `$find for ${CLINICIANS} clinicians over ${DAYS} days, through sign-in, access and audit`,
  async run({ system, log }) {
    const running = await system()
    const fhir = recordOf(running)
    const hours = [{ daysOfWeek: [...WEEKDAYS], startTime: '09:00', endTime: '17:00' }]
    const clinic = await createClinic(fhir, { clinicians: CLINICIANS, hours, timeZone: 'Etc/UTC' })
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
    const visits = await fillCalendars(fhir, clinic, today + DAY_MS + 9 * 3_600_000)
    log(`${visits} visits in ${CLINICIANS} calendars`)
    const token = await tokenOf(running, 'patient', clinic.patients[0] ?? '')
    const question = questionFor({
      startMs: today + DAY_MS,
      endMs: today + (DAYS + 1) * DAY_MS,
      service: clinic.service,
    })
    const find = async () => {
      const answer = await ask(running, token, '$find', question)
      const { total } = (await answer.json()) as { total?: number }
      if (answer.status !== 200 || !total)
        throw new Error(`$find answered ${answer.status} with ${total} openings`)
    }
    const readSlots = () =>
      fhir.search('Slot', {
        schedule: clinic.clinicians.map((one) => `Schedule/${calendarId(one)}`).join(','),
        status: 'busy',
        _elements: 'schedule,start,end',
        _count: 50_000,
      })
    await find()
    const cold: number[] = []
    const controls: number[] = []
    for (let sample = 0; sample < COLD_SAMPLES; sample++) {
      await touchCalendars(fhir)
      await new Promise((resolve) => setTimeout(resolve, FORGOTTEN_MS))
      cold.push(await timed(find))
      controls.push(await timed(readSlots))
    }
    const warm: number[] = []
    for (let sample = 0; sample < WARM_SAMPLES; sample++) warm.push(await timed(find))
    const control = { what: 'reading the busy Slots alone, p95 ms', value: percentile(controls, 0.95) }
    return [
      atMost(
        'cold, p95: every calendar changed, nothing remembered',
        percentile(cold, 0.95),
        250,
        'ms',
        control,
      ),
      atMost('warm, p95', percentile(warm, 0.95), 100, 'ms', control),
    ]
  },
}
