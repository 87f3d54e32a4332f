import { expect, test } from 'vitest'
import { createThrottle } from '#/throttle.ts'

function atTime() {
  const clock = { now: 1_000_000 }
  return { clock, throttle: createThrottle(5, () => clock.now) }
}

test('the fifth failure within a minute closes the door until the first is a minute old', () => {
  const { clock, throttle } = atTime()
  for (const _try of [1, 2, 3, 4]) throttle.failed('a')
  expect(throttle.waitSeconds('a')).toBe(0)
  clock.now += 20_000
  throttle.failed('a')
  expect(throttle.waitSeconds('a')).toBe(40)
  expect(throttle.waitSeconds('b')).toBe(0)
  clock.now += 40_000
  expect(throttle.waitSeconds('a')).toBe(0)
})

test('a success forgets the failures before it', () => {
  const { throttle } = atTime()
  for (const _try of [1, 2, 3, 4]) throttle.failed('a')
  throttle.succeeded('a')
  throttle.failed('a')
  expect(throttle.waitSeconds('a')).toBe(0)
})

test('nine thousand other names do not free the one that is closed', () => {
  const { throttle } = atTime()
  for (const _try of [1, 2, 3, 4, 5]) throttle.failed('closed')
  for (let name = 0; name < 9_000; name += 1) throttle.failed(`name ${name}`)
  expect(throttle.waitSeconds('closed')).toBeGreaterThan(0)
})
