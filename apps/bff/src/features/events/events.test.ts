import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Harness, startHarness, type TestPerson } from '#/testing/harness.ts'
import * as people from '#/testing/people.ts'

const { ADMINISTRATOR, LAKESIDE_SCHEDULER, PATIENT_A, SCHEDULER } = people

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  await harness.seed(people.RESOURCES)
  await harness.seed(people.LAKESIDE_RESOURCES, 'lakeside')
})
afterAll(() => harness.stop())

type Heard = { status: number; until: (wanted: string) => Promise<string>; stop: () => void }

async function listen(person: TestPerson, topics: string, lastEventId?: string): Promise<Heard> {
  const stopping = new AbortController()
  const authorization = `Bearer ${await harness.tokenFor(person)}`
  const headers = { authorization, ...(lastEventId ? { 'last-event-id': lastEventId } : {}) }
  const response = await fetch(`${harness.origin}/events?topic=${topics}`, {
    headers,
    signal: stopping.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  async function until(wanted: string): Promise<string> {
    while (!text.includes(wanted)) {
      const chunk = await reader?.read()
      if (!chunk || chunk.done) throw new Error(`The stream ended without ${wanted}`)
      text += chunk.value
    }
    return text
  }
  return { status: response.status, until, stop: () => stopping.abort() }
}

async function touch(id: string): Promise<void> {
  const fhir = harness.record.fhir()
  const visit = await fhir.read('Appointment', id)
  await fhir.update({ ...visit, comment: `${people.CANARY} ${crypto.randomUUID()}` })
}

test('a patient hears of their own visits, by id, and of nobody else’s', async () => {
  const heard = await listen(PATIENT_A, 'Appointment')
  await heard.until('event: position')
  await touch('v-b')
  await touch('v-a')
  const text = await heard.until('"v-a"')
  heard.stop()
  expect(text).toContain('"topic":"Appointment"')
  expect(text).not.toContain('v-b')
  expect(text).not.toContain(people.CANARY)
})

test('staff hear of the whole organisation, and of no other', async () => {
  const own = await listen(SCHEDULER, 'Appointment,Schedule')
  const other = await listen(LAKESIDE_SCHEDULER, 'Appointment')
  await own.until('event: position')
  await other.until('event: position')
  await touch('v-b')
  await own.until('"v-b"')
  const lakeside = harness.record.fhir('lakeside')
  const participant = [{ status: 'accepted' as const, actor: { reference: 'Practitioner/lakeside' } }]
  const visit = await lakeside.create({
    resourceType: 'Appointment' as const,
    status: 'proposed' as const,
    participant,
  })
  expect(await other.until(visit.id)).not.toContain('v-b')
  own.stop()
  other.stop()
})

test('one who comes back hears what happened in between', async () => {
  const first = await listen(SCHEDULER, 'Appointment')
  const position = /id: (\d+)/.exec(await first.until('event: position'))?.[1]
  first.stop()
  await touch('v-a')
  const second = await listen(SCHEDULER, 'Appointment', position)
  expect(await second.until('"v-a"')).toContain('"type":"Appointment"')
  second.stop()
})

test('a topic that is unknown is 400, one that is not granted 403, no token 401', async () => {
  expect((await listen(SCHEDULER, 'Observation')).status).toBe(400)
  expect((await listen(SCHEDULER, '')).status).toBe(400)
  expect((await listen(PATIENT_A, 'Schedule')).status).toBe(403)
  expect((await listen(ADMINISTRATOR, 'Schedule')).status).toBe(200)
  expect((await fetch(`${harness.origin}/events?topic=Appointment`)).status).toBe(401)
})
