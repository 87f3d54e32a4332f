import { Temporal } from 'temporal-polyfill'

import type { Interval } from './interval.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

/** A span of instants with one offset from UTC: wall time = instant + `offsetMs`. */
export type ZoneSegment = Interval & { offsetMs: number }

/** Offsets are looked up once per zone and per span of four years, so that the many openings of a search cost additions only. */
const BLOCK_MS = 4 * 366 * DAY_MS
const MAX_CACHED_BLOCKS = 4_000
const blocks = new Map<string, Map<number, ZoneSegment[]>>()
let cachedBlocks = 0
const knownZones = new Map<string, boolean>()

/** Whether the name is an IANA time zone of this runtime (offsets such as `+02:00` are not: they know no daylight saving). */
export function isTimeZone(timeZone: string): boolean {
  const known = knownZones.get(timeZone)
  if (known !== undefined) return known
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(timeZone)) return false
  let valid = true
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    valid = false
  }
  if (knownZones.size < MAX_CACHED_BLOCKS) knownZones.set(timeZone, valid)
  return valid
}

function computeBlock(timeZone: string, index: number): ZoneSegment[] {
  const lastMs = (index + 1) * BLOCK_MS
  const segments: ZoneSegment[] = []
  let at = Temporal.Instant.fromEpochMilliseconds(index * BLOCK_MS).toZonedDateTimeISO(timeZone)
  let startMs = index * BLOCK_MS
  while (startMs < lastMs) {
    const next = at.getTimeZoneTransition('next')
    const endMs = Math.min(next?.epochMilliseconds ?? lastMs, lastMs)
    segments.push({ startMs, endMs, offsetMs: at.offsetNanoseconds / 1_000_000 })
    startMs = endMs
    if (next !== null) at = next
  }
  return segments
}

function readBlock(timeZone: string, index: number): ZoneSegment[] {
  let ofZone = blocks.get(timeZone)
  const cached = ofZone?.get(index)
  if (cached !== undefined) return cached
  const segments = computeBlock(timeZone, index)
  if (cachedBlocks >= MAX_CACHED_BLOCKS) {
    blocks.clear()
    cachedBlocks = 0
    ofZone = undefined
  }
  if (ofZone === undefined) {
    ofZone = new Map()
    blocks.set(timeZone, ofZone)
  }
  ofZone.set(index, segments)
  cachedBlocks += 1
  return segments
}

/**
 * The zone's offsets over a range: touching segments, sorted, covering at least the range.
 * Throws a RangeError when the zone is unknown: check names with `isTimeZone` where they come in.
 */
export function zoneSegments(timeZone: string, range: Interval): readonly ZoneSegment[] {
  const first = Math.floor(range.startMs / BLOCK_MS)
  const last = Math.floor(range.endMs / BLOCK_MS)
  if (first === last) return readBlock(timeZone, first)
  const all: ZoneSegment[] = []
  for (let index = first; index <= last; index += 1) {
    for (const segment of readBlock(timeZone, index)) {
      const previous = all.at(-1)
      if (previous !== undefined && previous.offsetMs === segment.offsetMs)
        all[all.length - 1] = { ...previous, endMs: segment.endMs }
      else all.push(segment)
    }
  }
  return all
}

/** Milliseconds to add to the instant to get the wall time there. */
export function offsetAt(instantMs: number, timeZone: string): number {
  for (const segment of readBlock(timeZone, Math.floor(instantMs / BLOCK_MS))) {
    if (instantMs < segment.endMs) return segment.offsetMs
  }
  throw new RangeError('instant outside the zone table')
}

/** The instants at which a wall time (local clock as if UTC) is shown: none in a gap, two when the clock is set back. Sorted. */
export function instantsOfWall(wallMs: number, timeZone: string): number[] {
  const instants: number[] = []
  for (const segment of zoneSegments(timeZone, {
    startMs: wallMs - 2 * DAY_MS,
    endMs: wallMs + 2 * DAY_MS,
  })) {
    const instantMs = wallMs - segment.offsetMs
    if (segment.startMs <= instantMs && instantMs < segment.endMs) instants.push(instantMs)
  }
  return instants
}

/** The first instant at which the clock shows this wall time or a later one. */
export function firstInstantFromWall(wallMs: number, timeZone: string): number {
  const around = { startMs: wallMs - 2 * DAY_MS, endMs: wallMs + 2 * DAY_MS }
  for (const segment of zoneSegments(timeZone, around)) {
    const instantMs = Math.max(wallMs - segment.offsetMs, segment.startMs)
    if (instantMs >= around.startMs && instantMs < segment.endMs) return instantMs
  }
  throw new RangeError('wall time outside the zone table')
}

/** The spans of instants at which the clock shows a wall time inside the span, in order. */
export function instantsOfWallSpan(span: Interval, segments: readonly ZoneSegment[]): Interval[] {
  const spans: Interval[] = []
  for (const segment of segments) {
    const startMs = Math.max(span.startMs - segment.offsetMs, segment.startMs)
    const endMs = Math.min(span.endMs - segment.offsetMs, segment.endMs)
    if (startMs >= endMs) continue
    const last = spans.at(-1)
    if (last !== undefined && last.endMs === startMs) last.endMs = endMs
    else spans.push({ startMs, endMs })
  }
  return spans
}
