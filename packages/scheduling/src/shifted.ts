import { Temporal } from 'temporal-polyfill'

function wallOf(instantMs: number, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone).toPlainDateTime()
}

/**
 * Where a visit of a series goes when another one is moved: as many days on, and as much later or earlier by the clock at the site. Undefined when that
 * time does not exist on its day.
 */
export function shiftedAlike(
  startMs: number,
  moved: { fromMs: number; toMs: number },
  timeZone: string,
): number | undefined {
  const from = wallOf(moved.fromMs, timeZone)
  const by = from.until(wallOf(moved.toMs, timeZone), { largestUnit: 'days' })
  const wall = wallOf(startMs, timeZone).add(by)
  const shifted = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  return shifted.toPlainDateTime().equals(wall) ? shifted.epochMilliseconds : undefined
}
