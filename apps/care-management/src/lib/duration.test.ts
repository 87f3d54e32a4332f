import { expect, test } from 'vitest'
import { unitOf } from './duration.ts'

test.each([
  [1440, undefined, 'days'],
  [2880, undefined, 'days'],
  [120, undefined, 'hours'],
  [90, undefined, 'minutes'],
  [0, undefined, 'hours'],
  [1440, 'hours', 'hours'],
  [90, 'hours', 'minutes'],
  [Number.NaN, 'days', 'days'],
] as const)('%s minutes, preferred in %s, are said in %s', (minutes, preferred, unit) => {
  expect(unitOf(minutes, preferred)).toBe(unit)
})
