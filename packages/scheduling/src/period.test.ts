import { describe, expect, test } from 'vitest'

import { outsidePeriod } from './period.ts'

const NEW_YORK = 'America/New_York'

function inside(period: { start?: string; end?: string }, timeZone = NEW_YORK) {
  const [before, after] = [
    outsidePeriod(period.start === undefined ? {} : { start: period.start }, timeZone)[0],
    outsidePeriod(period.end === undefined ? {} : { end: period.end }, timeZone)[0],
  ]
  return [before && new Date(before.endMs).toISOString(), after && new Date(after.startMs).toISOString()]
}

describe('outside of a period', () => {
  test.each([
    [
      'a day begins and ends by the clock of the site',
      '2026-12-01',
      '2026-12-31',
      '2026-12-01T05:00:00.000Z',
      '2027-01-01T05:00:00.000Z',
    ],
    ['a month is whole', '2026-12', '2026-12', '2026-12-01T05:00:00.000Z', '2027-01-01T05:00:00.000Z'],
    ['a year is whole', '2026', '2026', '2026-01-01T05:00:00.000Z', '2027-01-01T05:00:00.000Z'],
    ['a month of summer time', '2026-06', '2026-06', '2026-06-01T04:00:00.000Z', '2026-07-01T04:00:00.000Z'],
    [
      'a moment is that moment',
      '2026-12-01T12:00:00Z',
      '2026-12-31T12:00:00-05:00',
      '2026-12-01T12:00:00.000Z',
      '2026-12-31T17:00:00.000Z',
    ],
  ])('%s', (_what, start, end, first, last) => {
    expect(inside({ start, end })).toEqual([first, last])
  })

  test('an open period leaves nothing outside', () => {
    expect(outsidePeriod({}, NEW_YORK)).toEqual([])
    expect(outsidePeriod(undefined, NEW_YORK)).toEqual([])
  })

  test('what is no date leaves nothing inside', () => {
    for (const text of ['soon', '2026-13', '2026-02-30', '']) {
      expect(outsidePeriod({ start: text }, NEW_YORK)).toEqual([{ startMs: -8.64e15, endMs: 8.64e15 }])
      expect(outsidePeriod({ end: text }, NEW_YORK)).toEqual([{ startMs: -8.64e15, endMs: 8.64e15 }])
    }
  })
})
