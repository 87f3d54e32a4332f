import fc from 'fast-check'
import { expect, test } from 'vitest'

import { contains, intersectIntervals, mergeIntervals, overlapsAny, subtractIntervals } from './interval.ts'
import type { Interval } from './interval.ts'

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .map(([startMs, length]) => ({ startMs, endMs: startMs + length }))
const list = fc.array(interval, { maxLength: 12 })

function points(intervals: readonly Interval[]): number[] {
  return Array.from({ length: 80 }, (_, at) => at).filter((at) =>
    intervals.some((one) => one.startMs <= at && at < one.endMs),
  )
}

test('merging keeps the covered time, sorted, with gaps between', () => {
  fc.assert(
    fc.property(list, (intervals) => {
      const merged = mergeIntervals(intervals)
      expect(points(merged)).toEqual(points(intervals))
      for (const [index, one] of merged.entries()) {
        expect(one.startMs).toBeLessThan(one.endMs)
        expect(one.startMs).toBeGreaterThan(merged[index - 1]?.endMs ?? -1)
      }
    }),
  )
})

test('subtracting and intersecting split covered time exactly in two and keep what else an interval carries', () => {
  fc.assert(
    fc.property(list, list, (of, other) => {
      const named = of.map((one, index) => ({ ...one, index }))
      const left = subtractIntervals(named, other)
      const shared = intersectIntervals(named, other)
      const taken = new Set(points(other))
      expect(points(left)).toEqual(points(of).filter((at) => !taken.has(at)))
      expect(points(shared)).toEqual(points(of).filter((at) => taken.has(at)))
      for (const piece of [...left, ...shared]) {
        expect(contains(mergeIntervals([of[piece.index] ?? piece]), piece)).toBe(true)
      }
    }),
  )
})

test('overlap and containment agree with looking at every point', () => {
  fc.assert(
    fc.property(list, interval, (intervals, wanted) => {
      fc.pre(wanted.startMs < wanted.endMs)
      const merged = mergeIntervals(intervals)
      const covered = new Set(points(intervals))
      const within = points([wanted])
      expect(overlapsAny(merged, wanted)).toBe(within.some((at) => covered.has(at)))
      expect(contains(merged, wanted)).toBe(within.every((at) => covered.has(at)))
    }),
  )
})

test('time that only touches does not overlap', () => {
  expect(overlapsAny([{ startMs: 10, endMs: 20 }], { startMs: 20, endMs: 30 })).toBe(false)
  expect(overlapsAny([{ startMs: 10, endMs: 20 }], { startMs: 0, endMs: 10 })).toBe(false)
})

test('merging leaves its input as it was', () => {
  const input = Object.freeze([
    Object.freeze({ startMs: 0, endMs: 5 }),
    Object.freeze({ startMs: 3, endMs: 9 }),
  ])
  expect(mergeIntervals(input)).toEqual([{ startMs: 0, endMs: 9 }])
})
