/** Milliseconds since 1970; both ends belong to the range. */
export interface TimeRange {
  lo: number
  hi: number
}

export const BEGINNING = -8_640_000_000_000_000
export const END = 8_640_000_000_000_000

const PATTERN =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d|60)(?:\.(\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?)?)?$/

/**
 * The time that a FHIR date, dateTime or instant covers: a year is the whole year, a minute the whole minute; from
 * the second on it is one moment. Dates without an offset are read as UTC. Undefined when it is no FHIR date.
 */
export function rangeOfDate(text: string): TimeRange | undefined {
  const match = PATTERN.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction, offset] = match
  if (hour === undefined) return rangeOfDay(Number(year), month, day)
  const shift = offset === undefined || offset === 'Z' ? 0 : offsetMs(offset)
  const ms = fraction === undefined ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3))
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCDate() !== Number(day)) return undefined
  date.setUTCHours(Number(hour), Number(minute), Number(second ?? 0), ms)
  const lo = date.getTime() - shift
  return { lo, hi: second === undefined ? lo + 59_999 : lo }
}

function rangeOfDay(year: number, month: string | undefined, day: string | undefined): TimeRange | undefined {
  const start = new Date(0)
  start.setUTCFullYear(year, month === undefined ? 0 : Number(month) - 1, day === undefined ? 1 : Number(day))
  if (day !== undefined && start.getUTCDate() !== Number(day)) return undefined
  const end = new Date(start)
  if (month === undefined) end.setUTCFullYear(year + 1)
  else if (day === undefined) end.setUTCMonth(end.getUTCMonth() + 1)
  else end.setUTCDate(end.getUTCDate() + 1)
  return { lo: start.getTime(), hi: end.getTime() - 1 }
}

function offsetMs(offset: string): number {
  const sign = offset.startsWith('-') ? -1 : 1
  return sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6))) * 60_000
}
