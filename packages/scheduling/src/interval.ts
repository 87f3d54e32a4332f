/** Half-open span of instants, epoch milliseconds. */
export type Interval = { startMs: number; endMs: number }

/** Sorts and joins intervals that overlap or touch; empty and reversed ones are dropped. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter((one) => one.startMs < one.endMs).sort((a, b) => a.startMs - b.startMs)
  const merged: Interval[] = []
  for (const one of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && one.startMs <= last.endMs) last.endMs = Math.max(last.endMs, one.endMs)
    else merged.push({ startMs: one.startMs, endMs: one.endMs })
  }
  return merged
}

/** Index of the first interval of a merged list that ends after the instant. */
function firstEndingAfter(merged: readonly Interval[], instantMs: number): number {
  let low = 0
  let high = merged.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const one = merged[middle]
    if (one !== undefined && one.endMs <= instantMs) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether any interval of a list from `mergeIntervals` shares time with `wanted`. Binary search. */
export function overlapsAny(merged: readonly Interval[], wanted: Interval): boolean {
  const one = merged[firstEndingAfter(merged, wanted.startMs)]
  return one !== undefined && one.startMs < wanted.endMs
}

/** Whether one interval of a list from `mergeIntervals` holds all of `wanted`. Binary search. */
export function contains(merged: readonly Interval[], wanted: Interval): boolean {
  const one = merged[firstEndingAfter(merged, wanted.startMs)]
  return one !== undefined && one.startMs <= wanted.startMs && wanted.endMs <= one.endMs
}

/** What is left of each interval outside `without` (any order); other properties of the interval stay on every piece. */
export function subtractIntervals<T extends Interval>(from: readonly T[], without: readonly Interval[]): T[] {
  const merged = mergeIntervals(without)
  const left: T[] = []
  for (const one of from) {
    let startMs = one.startMs
    for (let index = firstEndingAfter(merged, startMs); index < merged.length; index += 1) {
      const cut = merged[index]
      if (cut === undefined || cut.startMs >= one.endMs) break
      if (cut.startMs > startMs) left.push({ ...one, startMs, endMs: cut.startMs })
      startMs = Math.max(startMs, cut.endMs)
    }
    if (startMs < one.endMs) left.push({ ...one, startMs, endMs: one.endMs })
  }
  return left
}

/** What each interval shares with `within` (any order); other properties of the interval stay on every piece. */
export function intersectIntervals<T extends Interval>(of: readonly T[], within: readonly Interval[]): T[] {
  const merged = mergeIntervals(within)
  const shared: T[] = []
  for (const one of of) {
    for (let index = firstEndingAfter(merged, one.startMs); index < merged.length; index += 1) {
      const other = merged[index]
      if (other === undefined || other.startMs >= one.endMs) break
      const startMs = Math.max(one.startMs, other.startMs)
      const endMs = Math.min(one.endMs, other.endMs)
      if (startMs < endMs) shared.push({ ...one, startMs, endMs })
    }
  }
  return shared
}
