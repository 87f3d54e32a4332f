import type { Period } from '@medplum/fhirtypes'

import type { Interval } from './interval.ts'
import { wallOfDate } from './local-time.ts'
import { DAY_MS, firstInstantFromWall } from './zone.ts'

const FIRST_MS = -8.64e15
const LAST_MS = 8.64e15

/** The span that a FHIR dateTime names: the moment, or the whole day, month or year by the clock of the zone. Undefined for anything else. */
function spanOf(dateTime: string, timeZone: string): Interval | undefined {
  if (dateTime.includes('T')) {
    const atMs = Date.parse(dateTime)
    return Number.isNaN(atMs) ? undefined : { startMs: atMs, endMs: atMs }
  }
  const [year = '', month, day] = dateTime.split('-')
  const firstWallMs = wallOfDate(`${year}-${month ?? '01'}-${day ?? '01'}`)
  if (firstWallMs === undefined) return undefined
  const next = new Date(firstWallMs)
  if (month === undefined) next.setUTCFullYear(next.getUTCFullYear() + 1)
  else if (day === undefined) next.setUTCMonth(next.getUTCMonth() + 1)
  else next.setTime(firstWallMs + DAY_MS)
  return {
    startMs: firstInstantFromWall(firstWallMs, timeZone),
    endMs: firstInstantFromWall(next.getTime(), timeZone),
  }
}

/**
 * The time outside of a period, in instants: at most one span before it and one after it. Dates are days, months or years by the clock of `timeZone`, the
 * last of them included. A start or an end that is no date leaves nothing inside.
 * @see https://hl7.org/fhir/R4/datatypes.html#Period
 */
export function outsidePeriod(period: Period | undefined, timeZone: string): Interval[] {
  const { start, end } = period ?? {}
  const outside: Interval[] = []
  if (start !== undefined)
    outside.push({ startMs: FIRST_MS, endMs: spanOf(start, timeZone)?.startMs ?? LAST_MS })
  if (end !== undefined) outside.push({ startMs: spanOf(end, timeZone)?.endMs ?? FIRST_MS, endMs: LAST_MS })
  return outside
}
