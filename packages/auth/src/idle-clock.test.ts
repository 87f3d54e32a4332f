import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createIdleClock } from './idle-clock.ts'

const MINUTE = 60_000

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-03-02T09:00:00Z') }))
afterEach(() => void vi.useRealTimers())

function begin() {
  const on = {
    onWarn: vi.fn<(at: Date) => void>(),
    onActive: vi.fn<() => void>(),
    onIdle: vi.fn<() => void>(),
  }
  const clock = createIdleClock({ idleMs: 15 * MINUTE, warnMs: 2 * MINUTE, ...on })
  return { clock, ...on }
}

test('warns two minutes before, says when it ends, and ends once', () => {
  const { onWarn, onIdle } = begin()
  vi.advanceTimersByTime(13 * MINUTE - 1)
  expect(onWarn).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onWarn).toHaveBeenCalledExactlyOnceWith(new Date('2026-03-02T09:15:00Z'))
  vi.advanceTimersByTime(2 * MINUTE)
  expect(onIdle).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(60 * MINUTE)
  expect(onIdle).toHaveBeenCalledOnce()
})

test('activity begins the count anew', () => {
  const { clock, onWarn } = begin()
  for (let minute = 0; minute < 60; minute += 10) {
    vi.advanceTimersByTime(10 * MINUTE)
    expect(clock.touch()).toBe(true)
  }
  expect(onWarn).not.toHaveBeenCalled()
})

test('once warned a stray movement does not count, the answer does', () => {
  const { clock, onActive, onIdle } = begin()
  vi.advanceTimersByTime(14 * MINUTE)
  expect(clock.touch()).toBe(false)
  expect(onActive).not.toHaveBeenCalled()
  clock.stay()
  expect(onActive).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(14 * MINUTE)
  expect(onIdle).not.toHaveBeenCalled()
})

test('work in another tab takes the warning back', () => {
  const { clock, onActive } = begin()
  vi.advanceTimersByTime(14 * MINUTE)
  clock.touchedElsewhere()
  expect(onActive).toHaveBeenCalledOnce()
})

test('a click after the machine slept past the end is too late', () => {
  const { clock, onIdle } = begin()
  // time passes, timers do not run
  vi.setSystemTime(new Date('2026-03-02T12:00:00Z'))
  expect(clock.touch()).toBe(false)
  expect(onIdle).toHaveBeenCalledOnce()
})

test('waking up within the warning warns at once', () => {
  const { clock, onWarn } = begin()
  vi.setSystemTime(new Date('2026-03-02T09:14:00Z'))
  clock.check()
  expect(onWarn).toHaveBeenCalledExactlyOnceWith(new Date('2026-03-02T09:15:00Z'))
})

test('nothing happens after stop', () => {
  const { clock, onIdle, onWarn } = begin()
  clock.stop()
  vi.advanceTimersByTime(60 * MINUTE)
  clock.touchedElsewhere()
  expect(onWarn).not.toHaveBeenCalled()
  expect(onIdle).not.toHaveBeenCalled()
})
