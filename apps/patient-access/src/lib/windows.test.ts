import { expect, test } from 'vitest'

import { dayWindow, MOST_DAYS, monthWindow, todayAt, wholeWindow } from './windows.ts'

test('a day is the whole day at the site, also when clocks change', () => {
  expect(dayWindow('2026-03-08', ['America/New_York'])).toEqual({
    start: '2026-03-08T05:00:00.000Z',
    end: '2026-03-09T04:00:00.000Z',
  })
  expect(dayWindow('2026-11-01', ['America/New_York'])).toEqual({
    start: '2026-11-01T04:00:00.000Z',
    end: '2026-11-02T05:00:00.000Z',
  })
})

test('a day of several sites spans from the first midnight to the last', () => {
  expect(dayWindow('2026-11-23', ['America/Phoenix', 'America/St_Johns'])).toEqual({
    start: '2026-11-23T03:30:00.000Z',
    end: '2026-11-24T07:00:00.000Z',
  })
})

test('a month stays inside what one search may span', () => {
  const { start, end } = monthWindow('2026-12', ['Pacific/Auckland', 'Pacific/Honolulu'])
  expect((Date.parse(end) - Date.parse(start)) / 86_400_000).toBeLessThan(MOST_DAYS)
  const whole = wholeWindow(0, 400)
  expect((Date.parse(whole.end) - Date.parse(whole.start)) / 86_400_000).toBe(MOST_DAYS)
})

test('today is the date at the site, not at the viewer', () => {
  const now = Date.parse('2026-11-22T02:30:00Z')
  expect(todayAt('America/New_York', now)).toBe('2026-11-21')
  expect(todayAt('Asia/Tokyo', now)).toBe('2026-11-22')
})
