import type { AuditEvent } from '@medplum/fhirtypes'
import { expect, test } from 'vitest'

import { auditEventOf } from './audit-event.ts'
import type { AuditSpool, OwnedEvent } from './audit-spool.ts'
import { createFailedSignIns, MOST_PER_MINUTE } from './failed-sign-ins.ts'
import { createLog } from './log.ts'

function open() {
  const lines: OwnedEvent[] = []
  const spool = { append: async (one: OwnedEvent) => void lines.push(one) } as unknown as AuditSpool
  const clock = { nowMs: Date.parse('2026-12-01T00:00:00Z') }
  const signIns = createFailedSignIns(spool, createLog('silent'), () => clock.nowMs)
  const entry = { interaction: 'sign-in', action: 'E', outcome: '4', patientIds: [] } as const
  const event = (): AuditEvent =>
    auditEventOf(entry, { identity: undefined, fhirUser: undefined }, 'c', clock.nowMs)
  const knock = async (address: string, times: number) => {
    for (let count = 0; count < times; count++)
      await signIns.add({ address, organization: 'openward', event: event() })
  }
  return { lines, clock, signIns, knock }
}

test('failed sign-ins of one address are recorded one by one up to a bound, the rest as one sum', async () => {
  const { lines, clock, signIns, knock } = open()
  await knock('10.0.0.1', 500)
  await knock('10.0.0.2', 2)
  expect(lines).toHaveLength(MOST_PER_MINUTE + 2)
  clock.nowMs += 60_000
  await knock('10.0.0.1', 1)
  expect(lines).toHaveLength(MOST_PER_MINUTE + 4)
  const sum = lines.find(({ event }) => event.outcomeDesc !== undefined)?.event
  expect(sum?.outcomeDesc).toContain(String(500 - MOST_PER_MINUTE))
  expect(sum?.agent[0]?.network).toEqual({ address: '10.0.0.1' })
  expect(sum?.period).toEqual({ start: '2026-12-01T00:00:00.000Z', end: '2026-12-01T00:01:00.000Z' })
  expect(new Set(lines.map(({ event }) => event.id)).size).toBe(lines.length)
  await signIns.stop()
})

test('a sum that is still open is recorded when the process stops', async () => {
  const { lines, signIns, knock } = open()
  await knock('10.0.0.1', MOST_PER_MINUTE + 1)
  expect(lines).toHaveLength(MOST_PER_MINUTE)
  await signIns.stop()
  expect(lines).toHaveLength(MOST_PER_MINUTE + 1)
})

test('more addresses than are told apart share one count', async () => {
  const { lines, signIns, knock } = open()
  for (let number = 0; number < 10_100; number++) await knock(`address-${number}`, 1)
  expect(lines).toHaveLength(10_000 + MOST_PER_MINUTE)
  await signIns.stop()
  expect(lines.at(-1)?.event.outcomeDesc).toContain('80 more')
})
