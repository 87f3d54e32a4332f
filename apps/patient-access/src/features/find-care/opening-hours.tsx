'use client'
import type { WeeklyHours } from '@openward/scheduling'
import { formatTime, formatZone } from '@openward/ui/format'
import { useLocale, useTranslations } from 'next-intl'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

function dayName(index: number, locale: string): string {
  // 2024-01-01 was a Monday
  const date = new Date(Date.UTC(2024, 0, 1 + index))
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(date)
}

/** When a clinic is open, by its own clock. Rows with the same hours on neighbouring days are joined. */
export function OpeningHours({ hours, timeZone }: { hours: readonly WeeklyHours[]; timeZone: string }) {
  const t = useTranslations('findCare')
  const locale = useLocale()
  if (hours.length === 0) return null
  const clock = (time: string | undefined) =>
    formatTime(`2024-01-01T${time ?? '00:00'}:00Z`, { locale, timeZone: 'UTC' })
  const words = DAYS.map((day) =>
    hours
      .filter(({ daysOfWeek }) => daysOfWeek.includes(day))
      .map((row) =>
        row.allDay === true
          ? t('allDay')
          : t('fromTo', { from: clock(row.startTime), to: clock(row.endTime) }),
      )
      .join(', '),
  )
  const rows: { first: number; last: number; text: string }[] = []
  words.forEach((text, index) => {
    const previous = rows.at(-1)
    if (previous && previous.text === text) previous.last = index
    else rows.push({ first: index, last: index, text })
  })
  return (
    <div className="mt-4">
      <h2 className="text-base">{t('hours', { zone: formatZone({ locale, timeZone }) })}</h2>
      <dl className="mt-1 grid gap-x-6 sm:grid-cols-[auto_1fr]">
        {rows.map(({ first, last, text }) => (
          <div key={first} className="contents">
            <dt className="text-ink-soft first-letter:uppercase">
              {first === last
                ? dayName(first, locale)
                : t('daySpan', { from: dayName(first, locale), to: dayName(last, locale) })}
            </dt>
            <dd className="tabular max-sm:mb-2">{text || t('closedAllDay')}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
