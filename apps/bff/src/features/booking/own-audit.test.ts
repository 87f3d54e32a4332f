import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Appointment, AuditEvent, Bundle, Parameters } from '@medplum/fhirtypes'
import type { Caller } from '@openward/access'
import type { FhirTransport } from '@openward/fhir-client'
import { blockParameters, bookParameters, closeParameters, holdParameters } from '@openward/scheduling'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { runOperation } from '#/features/fhir/run-operation.ts'
import { AuditSpool } from '#/lib/audit-spool.ts'
import { createCursorSeal } from '#/lib/cursor.ts'
import { failureOf } from '#/lib/refusal.ts'
import { createSession } from '#/lib/session.ts'
import type { Identity } from '#/lib/token.ts'
import { patientCaller, staffCaller } from '#/testing/booking-calls.ts'
import { openClinic } from '#/testing/booking-people.ts'
import { type BookingRecord, startBookingRecord } from '#/testing/booking-record.ts'
import { calendarId } from './calendars.ts'
import { bookingOperations } from './operations.ts'

let record: BookingRecord
let folder: string
beforeAll(async () => {
  record = await startBookingRecord()
  folder = await mkdtemp(join(tmpdir(), 'openward-own-audit-'))
}, 60_000)
afterAll(async () => {
  await record.stop()
  await rm(folder, { recursive: true, force: true })
})

type Asked = { path: string; body: Parameters; caller: Caller; transport?: FhirTransport; key?: string }

/** One request through access, operation, release and audit; and every event that was written for it, wherever. */
async function ask({ path, body, caller, transport = record.transport, key }: Asked) {
  const [type, ...rest] = path.split('/')
  const correlationId = randomUUID()
  const spool = new AuditSpool(await mkdtemp(join(folder, 'spool-')))
  const identity: Identity = {
    ...caller,
    scopes: undefined,
    clientId: 'patient-access',
    expiresAt: Date.now() / 1000 + 600,
  }
  const session = createSession({
    caller,
    identity,
    transport,
    correlationId,
    signal: AbortSignal.timeout(60_000),
    now: Date.now,
    log: pino({ level: 'silent' }),
    spool,
  })
  const call = {
    method: 'POST',
    path: path.split('/'),
    parameters: [],
    body,
    ifMatch: undefined,
    ifNoneExist: undefined,
    idempotencyKey: key,
  } as const
  const target = {
    type: type as 'Appointment',
    name: rest.at(-1) ?? '',
    ...(rest.length > 1 ? { id: rest[0] } : {}),
  }
  const parts = {
    session,
    operations: bookingOperations,
    seal: createCursorSeal({ FHIR_TOKEN: 'x'.repeat(32), OPENWARD_DATA: folder }),
    baseUrl: '',
    charge: async () => undefined,
  }
  const answer = await runOperation(parts, call, target).catch((error: unknown) =>
    failureOf(error, correlationId),
  )
  await spool.close()
  const spooled: AuditEvent[] = []
  for (const file of await spool.listEnded())
    for (const line of (await readFile(file, 'utf8')).split('\n').filter(Boolean))
      spooled.push(...(JSON.parse(line).event === undefined ? [] : [JSON.parse(line).event]))
  const stored = await record.fhir.searchAll('AuditEvent', { _count: 1000 })
  const events = [...spooled, ...stored].filter(({ entity }) =>
    entity?.some(({ what }) => what?.identifier?.value === correlationId),
  )
  return { answer, events, spooled }
}

function namesOf(events: readonly AuditEvent[]): (string | undefined)[] {
  return events.flatMap(({ entity }) => entity?.map(({ what }) => what?.reference) ?? [])
}

/** Does something else just before the first transaction of a visit, which then meets calendars that have changed. */
function afterwards(before: () => Promise<unknown>): FhirTransport {
  let isFirst = true
  return {
    get baseUrl() {
      return record.transport.baseUrl
    },
    send: async (request) => {
      const isWrite = request.path === '' && request.body?.includes('"Appointment"') === true
      if (isWrite && isFirst) {
        isFirst = false
        await before()
      }
      return record.transport.send(request)
    },
  }
}

describe('an answer with health data', { timeout: 60_000 }, () => {
  test.each(['$book', '$hold'] as const)(
    'of %s leaves an event when the own transaction failed and another request with the key was served',
    async (name) => {
      const people = await openClinic(record)
      const [opening] = await people.openings()
      const wish = { opening: opening as Appointment, patient: people.first }
      const body = name === '$book' ? bookParameters(wish) : holdParameters(wish)
      const one = {
        path: `Appointment/${name}`,
        body,
        caller: patientCaller(people.first),
        key: randomUUID(),
      }
      let winner: Awaited<ReturnType<typeof ask>> | undefined
      const transport = afterwards(async () => {
        winner = await ask(one)
      })
      const served = await ask({ ...one, transport })
      expect([winner?.answer.status, served.answer.status]).toEqual([201, 201])
      const id = 'resource' in served.answer ? served.answer.resource?.id : undefined
      expect(served.spooled).toHaveLength(1)
      expect(namesOf(served.events)).toContain(`Appointment/${id}`)
      expect(namesOf(served.events)).toContain(people.first)
      expect(winner?.spooled).toEqual([])
      expect(namesOf(winner?.events ?? [])).toContain(people.first)
    },
  )

  test('that was known before leaves an event: leave, closure and a hold given up, asked for twice', async () => {
    const people = await openClinic(record)
    const [opening] = await people.openings()
    const visit = await people.book(opening, people.first)
    const held = await ask({
      path: 'Appointment/$hold',
      body: holdParameters({ opening: (await people.openings())[0] as Appointment, patient: people.second }),
      caller: staffCaller(),
    })
    const holdId = 'resource' in held.answer ? held.answer.resource?.id : undefined
    const day = (visit.start ?? '').slice(0, 10)
    const span = { start: visit.start ?? '', end: visit.end ?? '' }
    const requests = [
      {
        path: `Schedule/${calendarId(people.clinician)}/$block`,
        body: blockParameters(span),
        caller: staffCaller(),
      },
      {
        path: `${people.clinic.site}/$close`,
        body: closeParameters({ startDate: day, endDate: day }),
        caller: staffCaller('administrator'),
      },
      {
        path: `Appointment/${holdId}/$release`,
        body: { resourceType: 'Parameters' as const },
        caller: staffCaller(),
      },
    ]
    for (const request of requests) {
      const first = await ask(request)
      const again = await ask(request)
      expect([request.path, first.answer.status, again.answer.status]).toEqual([request.path, 200, 200])
      expect(first.spooled).toHaveLength(0)
      expect(first.events).toHaveLength(1)
      expect(again.spooled).toHaveLength(1)
      expect(again.events).toHaveLength(1)
    }
  })
})

describe('what the record refuses', { timeout: 60_000 }, () => {
  test('names no place that the caller did not send', async () => {
    const people = await openClinic(record)
    await people.book((await people.openings())[0], people.first)
    const transport: FhirTransport = {
      get baseUrl() {
        return record.transport.baseUrl
      },
      send: (request) => {
        const bundle = request.path === '' ? (JSON.parse(request.body ?? '{}') as Bundle) : undefined
        if (bundle?.type !== 'transaction') return record.transport.send(request)
        // as a server with a stricter rule would find it
        const entry = bundle.entry?.map((one) =>
          one.resource?.resourceType === 'Slot'
            ? { ...one, resource: { ...one.resource, start: 'no instant' } }
            : one,
        )
        return record.transport.send({ ...request, body: JSON.stringify({ ...bundle, entry }) })
      },
    }
    const start = new Date(Date.now() + 86_400_000).toISOString()
    const end = new Date(Date.now() + 90_000_000).toISOString()
    const { answer } = await ask({
      path: `Schedule/${calendarId(people.clinician)}/$block`,
      body: blockParameters({ start, end }),
      caller: staffCaller(),
      transport,
    })
    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer)).not.toContain('Bundle')
    expect(JSON.stringify(answer)).not.toContain('expression')
  })
})
