import type { Weekday } from './staff-list.ts'

export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000
const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** The calendar date `days` later (or earlier), both as `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The same day of another year; 29 February becomes 28 where there is none. */
export function addYears(date: string, years: number): string {
  const year = String(Number(date.slice(0, 4)) + years).padStart(4, '0')
  const rest = date.slice(4)
  const isLeap = new Date(`${year}-02-29T00:00:00Z`).getUTCMonth() === 1
  return rest === '-02-29' && !isLeap ? `${year}-02-28` : `${year}${rest}`
}

export function weekdayOf(date: string): Weekday {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sun'
}

/** Completed years on a date. */
export function ageOn(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years
}

const formats = new Map<string, Intl.DateTimeFormat>()

function offsetMinutesAt(instantMs: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    formats.set(timeZone, format)
  }
  const text = format.formatToParts(instantMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(text)
  if (!match) return 0
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return match[1] === '-' ? -minutes : minutes
}

const middayOffsets = new Map<string, number>()

/** Offset of a zone at midday; every visit is by day, and no zone in use changes its clock by day. */
function offsetOn(date: string, timeZone: string): number {
  const key = `${timeZone}|${date}`
  const known = middayOffsets.get(key)
  if (known !== undefined) return known
  const offset = offsetMinutesAt(Date.parse(`${date}T16:00:00Z`), timeZone)
  middayOffsets.set(key, offset)
  return offset
}

/** The instant of a wall time by day; `minuteOfDay` 540 is nine in the morning. */
export function instantAt(date: string, minuteOfDay: number, timeZone: string): number {
  return Date.parse(`${date}T00:00:00Z`) + (minuteOfDay - offsetOn(date, timeZone)) * MINUTE_MS
}

/** An instant as text with the zone's offset, to the second. */
export function instantText(instantMs: number, timeZone: string): string {
  const offset = offsetMinutesAt(instantMs, timeZone)
  const wall = new Date(instantMs + offset * MINUTE_MS).toISOString().slice(0, 19)
  const sign = offset < 0 ? '-' : '+'
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0')
  return `${wall}${sign}${hours}:${minutes}`
}
