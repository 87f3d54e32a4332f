import { expect, test } from 'vitest'
import { groupSize } from './group-size.ts'

test.each([
  [180, { kind: 'exact', count: 180 }],
  [11, { kind: 'exact', count: 11 }],
  [10, { kind: 'few' }],
  [1, { kind: 'few' }],
  [0, { kind: 'none' }],
  [undefined, { kind: 'unknown' }],
  [-3, { kind: 'unknown' }],
  [2.5, { kind: 'unknown' }],
])('a group of %s is told as %o', (quantity, size) => {
  expect(groupSize(quantity)).toEqual(size)
})
