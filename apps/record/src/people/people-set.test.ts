import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PeopleSet } from './people-set.ts'

function setOf(numbers: number[]): PeopleSet {
  const set = PeopleSet.upTo(Math.max(0, ...numbers))
  for (const number of numbers) set.add(number)
  return set
}

test('sets of any lengths combine like sets of numbers', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 60 })
  fc.assert(
    fc.property(numbers, numbers, (first, second) => {
      const [mine, theirs] = [setOf(first), setOf(second)]
      const [a, b] = [new Set(first), new Set(second)]
      const pairs: [PeopleSet, Set<number>][] = [
        [mine, a],
        [mine.and(theirs), new Set(first.filter((one) => b.has(one)))],
        [mine.or(theirs), new Set([...first, ...second])],
        [mine.except(theirs), new Set(first.filter((one) => !b.has(one)))],
      ]
      for (const [set, expected] of pairs) {
        expect(set.numbers()).toEqual([...expected].toSorted((x, y) => x - y))
        expect(set.size).toBe(expected.size)
        expect(first.every((number) => set.has(number) === expected.has(number))).toBe(true)
      }
    }),
  )
})
