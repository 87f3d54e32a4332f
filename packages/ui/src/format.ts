import {
  DAY_FIRST,
  type FormatZone,
  isSpanish,
  NOT_RECORDED,
  parseInstant,
  zoneCity,
} from './format-words.ts'

export type { FormatZone } from './format-words.ts'

type Parts = Record<string, string>

function partsOf(date: Date, locale: string, options: Intl.DateTimeFormatOptions): Parts {
  const language = isSpanish(locale) ? 'es' : 'en-US'
  const parts: Parts = {}
  for (const part of new Intl.DateTimeFormat(language, options).formatToParts(date))
    parts[part.type] = part.value
  return parts
}

function trimDot(word: string | undefined): string {
  return (word ?? '').replace(/\.$/, '')
}

/** A time of day at a place: "2:30 pm", "14:30". The zone is the place's, never the viewer's. */
export function formatTime(startsAt: string, { locale, timeZone }: FormatZone): string {
  const date = parseInstant(startsAt)
  if (!date) return NOT_RECORDED[isSpanish(locale) ? 'es' : 'en']
  const spanish = isSpanish(locale)
  const parts = partsOf(date, locale, {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
    ...(spanish ? { hourCycle: 'h23' } : { hour12: true }),
  })
  if (spanish) return `${parts['hour']}:${parts['minute']}`
  return `${parts['hour']}:${parts['minute']} ${(parts['dayPeriod'] ?? '').toLowerCase()}`
}

/** Start to end of a visit: "2:30 to 3:00 pm", "14:30 a 15:00". */
export function formatTimeRange(startsAt: string, endsAt: string, zone: FormatZone): string {
  const start = formatTime(startsAt, zone)
  const end = formatTime(endsAt, zone)
  const spanish = isSpanish(zone.locale)
  const isSameHalf = !spanish && start.slice(-2) === end.slice(-2)
  return `${isSameHalf ? start.slice(0, -3) : start} ${spanish ? 'a' : 'to'} ${end}`
}

export type DayStyle = 'short' | 'long'

function day(date: Date, locale: string, timeZone: string, style: DayStyle, withYear: boolean): string {
  const parts = partsOf(date, locale, {
    timeZone,
    weekday: style,
    day: 'numeric',
    month: style,
    year: 'numeric',
  })
  const weekday = trimDot(parts['weekday'])
  const month = trimDot(parts['month'])
  const order = DAY_FIRST[isSpanish(locale) ? 'es' : 'en']
  return order(weekday, parts['day'] ?? '', month, style, withYear ? parts['year'] : undefined)
}

/** A calendar date (`YYYY-MM-DD`): "Tue 3 Mar", "Tuesday 3 March"; with the year when it is not `now`'s. */
export function formatDate(
  visitDate: string,
  { locale, style = 'short', now = new Date() }: { locale: string; style?: DayStyle; now?: Date },
): string {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(visitDate) ? parseInstant(`${visitDate}T12:00:00Z`) : undefined
  if (!date) return NOT_RECORDED[isSpanish(locale) ? 'es' : 'en']
  return day(date, locale, 'UTC', style, date.getUTCFullYear() !== now.getFullYear())
}

/** The calendar date (`YYYY-MM-DD`) that an instant falls on at a place. */
export function dateAt(startsAt: string, timeZone: string): string {
  const date = parseInstant(startsAt)
  if (!date) return ''
  const parts = partsOf(date, 'en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return `${(parts['year'] ?? '').padStart(4, '0')}-${parts['month']}-${parts['day']}`
}

/** A visit's day and time with its zone in words: "Tue 3 Mar, 2:30 pm, Denver time"; "mar, 3 mar, 14:30, hora de Denver". */
export function formatDateTime(
  startsAt: string,
  { locale, timeZone, style = 'short', now = new Date() }: FormatZone & { style?: DayStyle; now?: Date },
): string {
  const date = dateAt(startsAt, timeZone)
  if (!date) return NOT_RECORDED[isSpanish(locale) ? 'es' : 'en']
  const time = formatTime(startsAt, { locale, timeZone })
  return `${formatDate(date, { locale, style, now })}, ${time}, ${formatZone({ locale, timeZone })}`
}

/** A zone in words: "Denver time", "hora de Nueva York". */
export function formatZone({ locale, timeZone }: FormatZone): string {
  const city = zoneCity(timeZone, locale)
  return isSpanish(locale) ? `hora de ${city}` : `${city} time`
}

/** A birth date, as exact as it is recorded: "2 March 1984", "March 1984", "1984". */
export function formatBirthDate(birthDate: string | undefined, locale: string): string {
  const [year, month, dayOfMonth] = (birthDate ?? '').split('-')
  const spanish = isSpanish(locale)
  if (!year || !/^\d{4}$/.test(year)) return NOT_RECORDED[spanish ? 'es' : 'en']
  if (!month) return year
  const date = parseInstant(`${year}-${month}-${dayOfMonth ?? '01'}T12:00:00Z`)
  if (!date) return NOT_RECORDED[spanish ? 'es' : 'en']
  const name = partsOf(date, locale, { timeZone: 'UTC', month: 'long' })['month'] ?? ''
  if (!dayOfMonth) return spanish ? `${name} de ${year}` : `${name} ${year}`
  const number = Number(dayOfMonth)
  return spanish ? `${number} de ${name} de ${year}` : `${number} ${name} ${year}`
}

/** A length in minutes: "30 minutes", "1 hour 15 minutes". */
export function formatMinutes(durationMinutes: number, locale: string): string {
  const unit = (value: number, name: 'hour' | 'minute') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value)
  const hours = Math.floor(durationMinutes / 60)
  const minutes = Math.round(durationMinutes % 60)
  return [hours > 0 && unit(hours, 'hour'), (minutes > 0 || hours === 0) && unit(minutes, 'minute')]
    .filter(Boolean)
    .join(' ')
}

/** Which part of the day an instant is in at a place: before 12, 12 to 17, from 17. */
export function partOfDay(startsAt: string, timeZone: string): 'morning' | 'afternoon' | 'evening' {
  const date = parseInstant(startsAt) ?? new Date(0)
  const hour = Number(partsOf(date, 'en', { timeZone, hour: '2-digit', hourCycle: 'h23' })['hour'])
  if (hour < 12) return 'morning'
  return hour < 17 ? 'afternoon' : 'evening'
}

/** "today", "tomorrow", "in 3 days": only ever beside the absolute date. Empty beyond a week. */
export function formatDaysAway(visitDate: string, today: string, locale: string): string {
  const days = Math.round(
    (Date.parse(`${visitDate}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000,
  )
  if (Number.isNaN(days) || Math.abs(days) > 7) return ''
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
}
