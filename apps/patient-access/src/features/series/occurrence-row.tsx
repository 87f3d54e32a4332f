'use client'
import { formatDate, formatTime, dateAt } from '@openward/ui/format'
import { SelectField } from '@openward/ui/select-field'
import { StatusTag } from '@openward/ui/status-tag'
import { useLocale, useTranslations } from 'next-intl'

import { useRefusalWords } from '#/lib/refusal-words.ts'

import { type Occurrence, type Wish, wishOf } from './series.ts'

export type OccurrenceRowProps = {
  occurrence: Occurrence
  timeZone: string
  wish: Wish | undefined
  onWish: (wish: Wish) => void
}

/** One date: free, or why not, and what to do about it. */
export function OccurrenceRow({ occurrence, timeZone, wish, onWish }: OccurrenceRowProps) {
  const t = useTranslations('series')
  const locale = useLocale()
  const words = useRefusalWords()
  const { startsAt, outcome, alternatives } = occurrence
  const zone = { locale, timeZone }
  const date = formatDate(dateAt(startsAt, timeZone), { locale, style: 'long' })
  const current = wishOf(occurrence, wish)
  const own =
    outcome === 'free'
      ? [{ value: startsAt, label: t('thisTime', { time: formatTime(startsAt, zone) }) }]
      : []
  const others = alternatives.map((start) => ({
    value: start,
    label: t('otherTime', {
      day: formatDate(dateAt(start, timeZone), { locale }),
      time: formatTime(start, zone),
    }),
  }))
  return (
    <li className="grid gap-3 py-4 sm:grid-cols-2 sm:items-start">
      <div>
        <p className="font-semibold first-letter:uppercase">{date}</p>
        <p className="tabular">{formatTime(startsAt, zone)}</p>
        {outcome === 'free' ? (
          <StatusTag tone="done">{t('free')}</StatusTag>
        ) : (
          <StatusTag tone="attention">
            {outcome === 'taken'
              ? t('taken')
              : words({ reason: outcome, parameters: {}, correlationId: undefined }, timeZone).title}
          </StatusTag>
        )}
      </div>
      <SelectField
        label={t('whatToDo', { date })}
        value={current === 'skip' ? 'skip' : current.startsAt}
        onChange={(value) => onWish(value === 'skip' ? 'skip' : { startsAt: value })}
        options={[...own, ...others, { value: 'skip', label: t('skip') }]}
      />
    </li>
  )
}
