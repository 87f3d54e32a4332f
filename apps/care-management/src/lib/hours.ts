import { problemsOfHours, type Weekday, WEEKDAYS, type WeeklyHours } from '@openward/scheduling'

/** Open from `start` to `end`, wall times `HH:MM` at the site. All day is kept as it is stored. */
export type TimeWindow = { start: string; end: string; isAllDay?: true }
/** The week as people edit it: day by day, each with any number of windows. */
export type WeekHours = Readonly<Record<Weekday, readonly TimeWindow[]>>

export type HoursProblem = {
  day: Weekday
  index: number
  part: 'start' | 'end'
  code: 'missing' | 'not-a-time' | 'end-before-start' | 'overlap'
}

const WEEK_MINUTES = 7 * 1440

export const EMPTY_WEEK: WeekHours = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }

function windowOf(row: WeeklyHours): TimeWindow {
  if (row.allDay === true) return { start: '00:00', end: '00:00', isAllDay: true }
  return { start: row.startTime ?? '', end: row.endTime ?? '' }
}

/** Stored rows, each for several days, as a week; windows of a day by their start. */
export function weekFrom(hours: readonly WeeklyHours[]): WeekHours {
  const ofDay = (day: Weekday) =>
    hours
      .filter((row) => row.daysOfWeek.includes(day))
      .map(windowOf)
      .toSorted((a, b) => a.start.localeCompare(b.start))
  return Object.fromEntries(WEEKDAYS.map((day) => [day, ofDay(day)])) as Record<Weekday, TimeWindow[]>
}

function keyOf(window: TimeWindow): string {
  return window.isAllDay ? 'all-day' : `${window.start} ${window.end}`
}

/** The week as rows to store: days that share a window share a row. */
export function hoursFrom(week: WeekHours): WeeklyHours[] {
  const rows = new Map<string, WeeklyHours>()
  for (const day of WEEKDAYS) {
    for (const window of week[day]) {
      const row = rows.get(keyOf(window))
      if (row) row.daysOfWeek.push(day)
      else if (window.isAllDay) rows.set(keyOf(window), { daysOfWeek: [day], allDay: true })
      else
        rows.set(keyOf(window), {
          daysOfWeek: [day],
          ...(window.start === '' ? {} : { startTime: window.start }),
          ...(window.end === '' ? {} : { endTime: window.end }),
        })
    }
  }
  return [...rows.values()]
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

/** Whether a window ends on the next day: at or before its start by the clock. */
export function endsNextDay({ start, end, isAllDay }: TimeWindow): boolean {
  return !isAllDay && start !== '' && end !== '' && end !== '00:00' && end < start
}

type Span = { day: Weekday; index: number; from: number; to: number }

function spansOf(week: WeekHours): Span[] {
  return WEEKDAYS.flatMap((day, dayIndex) =>
    week[day].map((window, index) => {
      const from = dayIndex * 1440 + minutesOf(window.start)
      const length = minutesOf(window.end) - minutesOf(window.start)
      return { day, index, from, to: from + (window.isAllDay ? 1440 : length > 0 ? length : length + 1440) }
    }),
  )
}

function overlaps(a: Span, b: Span): boolean {
  return [-WEEK_MINUTES, 0, WEEK_MINUTES].some((shift) => a.from < b.to + shift && b.from + shift < a.to)
}

/** Everything wrong with a week: what the booking rules refuse, and windows that overlap, also over midnight. */
export function problemsOfWeek(week: WeekHours): HoursProblem[] {
  const problems = WEEKDAYS.flatMap((day) =>
    week[day].flatMap((window, index): HoursProblem[] =>
      problemsOfHours(hoursFrom({ ...EMPTY_WEEK, [day]: [window] })).map(({ field, code }) => ({
        day,
        index,
        part: field.endsWith('startTime') ? 'start' : 'end',
        code: code === 'missing' || code === 'end-before-start' ? code : 'not-a-time',
      })),
    ),
  )
  if (problems.length > 0) return problems
  const spans = spansOf(week)
  return spans.flatMap((span, at): HoursProblem[] =>
    spans.slice(0, at).some((earlier) => overlaps(earlier, span))
      ? [{ day: span.day, index: span.index, part: 'start', code: 'overlap' }]
      : [],
  )
}

/** The week with one day's windows also on other days. */
export function copyDay(week: WeekHours, from: Weekday, to: readonly Weekday[]): WeekHours {
  return {
    ...week,
    ...Object.fromEntries(to.map((day) => [day, week[from].map((window) => ({ ...window }))])),
  }
}

/** A new window after those of the day: the afternoon after a morning, else a working day. */
export function nextWindow(windows: readonly TimeWindow[]): TimeWindow {
  const last = windows.at(-1)
  if (!last) return { start: '09:00', end: '17:00' }
  return last.end !== '' && last.end < '17:00' && last.end > last.start
    ? { start: last.end < '13:00' ? '13:00' : last.end, end: '17:00' }
    : { start: '', end: '' }
}
