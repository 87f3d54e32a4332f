import { expect, test } from 'vitest'

import { shiftedAlike } from './shifted.ts'

const ZONE = 'America/New_York'
const ms = (text: string) => Date.parse(text)

test('a visit moves as many days and as much by the clock as the one that is moved', () => {
  const moved = { fromMs: ms('2026-11-23T09:00:00-05:00'), toMs: ms('2026-11-25T10:30:00-05:00') }
  expect(shiftedAlike(ms('2026-11-30T09:00:00-05:00'), moved, ZONE)).toBe(ms('2026-12-02T10:30:00-05:00'))
})

test('the clock of the site is kept over a change of its offset', () => {
  const moved = { fromMs: ms('2026-10-26T09:00:00-04:00'), toMs: ms('2026-10-26T10:00:00-04:00') }
  expect(shiftedAlike(ms('2026-11-02T09:00:00-05:00'), moved, ZONE)).toBe(ms('2026-11-02T10:00:00-05:00'))
})

test('a time that the clock skips is no time', () => {
  const moved = { fromMs: ms('2027-03-07T01:30:00-05:00'), toMs: ms('2027-03-07T02:30:00-05:00') }
  expect(shiftedAlike(ms('2027-03-14T01:30:00-05:00'), moved, ZONE)).toBeUndefined()
})
