import { Temporal } from 'temporal-polyfill'

/** The instants of whole days at a site, last day included. */
export function daysAt(
  startDate: string,
  endDate: string,
  timeZone: string,
): { startMs: number; endMs: number } {
  const dayAt = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).epochMilliseconds
  return {
    startMs: dayAt(Temporal.PlainDate.from(startDate)),
    endMs: dayAt(Temporal.PlainDate.from(endDate).add({ days: 1 })),
  }
}
