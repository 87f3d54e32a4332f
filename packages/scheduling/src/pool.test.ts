import { expect, test } from 'vitest'

import { combine, firstAvailable } from './pool.ts'
import { PLAIN_RULES } from './rules.fixture.ts'

const MINUTE = 60_000
const startMs = Date.parse('2027-06-01T16:00:00Z')
const rules = { ...PLAIN_RULES, bufferAfterMinutes: 10, needsRoom: true, needsInterpreter: true }
const during = [{ startMs: startMs + 5 * MINUTE, endMs: startMs + 10 * MINUTE }]
const justAfter = [{ startMs: startMs + 20 * MINUTE, endMs: startMs + 30 * MINUTE }]

test('the first free room and interpreter are chosen in the order given', () => {
  const rooms = [
    { reference: 'Location/1', busy: during },
    { reference: 'Location/2', busy: [] },
    { reference: 'Location/3', busy: [] },
  ]
  const interpreters = [{ reference: 'Practitioner/1', busy: [] }]
  expect(combine({ startMs, rules, rooms, interpreters })).toEqual({
    ok: true,
    room: 'Location/2',
    interpreter: 'Practitioner/1',
  })
})

test('a room is taken with its buffers, an interpreter for the visit itself', () => {
  const rooms = [{ reference: 'Location/1', busy: justAfter }]
  const interpreters = [{ reference: 'Practitioner/1', busy: justAfter }]
  expect(combine({ startMs, rules, rooms, interpreters })).toEqual({ ok: false, reason: 'no-room' })
  expect(combine({ startMs, rules: { ...rules, needsRoom: false }, interpreters })).toEqual({
    ok: true,
    interpreter: 'Practitioner/1',
  })
})

test('a joint visit without a free interpreter is refused, also when none is known', () => {
  const rooms = [{ reference: 'Location/1', busy: [] }]
  expect(combine({ startMs, rules, rooms })).toEqual({ ok: false, reason: 'no-interpreter' })
  expect(
    combine({ startMs, rules, rooms, interpreters: [{ reference: 'Practitioner/1', busy: during }] }),
  ).toEqual({ ok: false, reason: 'no-interpreter' })
})

test('an interpreter is chosen within working hours', () => {
  const off = { reference: 'Practitioner/1', busy: [], working: justAfter }
  const on = {
    reference: 'Practitioner/2',
    busy: [],
    working: [{ startMs: startMs - MINUTE, endMs: startMs + 60 * MINUTE }],
  }
  expect(combine({ startMs, rules: PLAIN_RULES, interpreters: [off, on] })).toEqual({
    ok: true,
    interpreter: 'Practitioner/2',
  })
})

test('a visit by video needs no room', () => {
  expect(combine({ startMs, rules: { ...rules, needsInterpreter: false }, visitMode: 'video' })).toEqual({
    ok: true,
  })
})

test('busy lists need not be sorted', () => {
  const busy = [...justAfter, { startMs: 0, endMs: startMs + MINUTE }]
  expect(
    combine({
      startMs,
      rules: { ...rules, needsInterpreter: false },
      rooms: [{ reference: 'Location/1', busy }],
    }),
  ).toEqual({ ok: false, reason: 'no-room' })
})

test('the earliest opening of a pool wins and ties go to the one named first', () => {
  const pool = [
    { reference: 'Practitioner/1', openings: [] },
    { reference: 'Practitioner/2', openings: [200, 300] },
    { reference: 'Practitioner/3', openings: [100] },
    { reference: 'Practitioner/4', openings: [100] },
  ]
  expect(firstAvailable(pool)).toEqual({ reference: 'Practitioner/3', startMs: 100 })
  expect(firstAvailable([])).toBeUndefined()
})
