import { CalendarDateTime, parseDate, parseTime, toCalendarDateTime, toZoned } from '@internationalized/date'

/** Midnight at the start of a date (`YYYY-MM-DD`) there, as an instant. */
export function startOfDate(date: string, timeZone: string): string {
  return toZoned(toCalendarDateTime(parseDate(date)), timeZone).toAbsoluteString()
}

/** The instant at which the day after a date begins there. */
export function endOfDate(date: string, timeZone: string): string {
  return startOfDate(parseDate(date).add({ days: 1 }).toString(), timeZone)
}

/** A date and a wall time there as an instant. */
export function instantAt(date: string, time: string, timeZone: string): string {
  const { hour, minute } = parseTime(time)
  const { year, month, day } = parseDate(date)
  return toZoned(new CalendarDateTime(year, month, day, hour, minute), timeZone).toAbsoluteString()
}

/** Whether a text is a whole date, as date fields give it. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text)
}
