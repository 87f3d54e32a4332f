'use client'
import { useTranslations } from 'next-intl'
import { useId } from 'react'
import { formatTime, partOfDay } from './format.ts'

export type TimeOption = {
  id: string
  /** Instant (ISO-8601). */
  startsAt: string
  /** Whom and how, when times of several people are mixed: "Dr Ada Vance, video". */
  detail?: string | undefined
}

export type TimeListProps = {
  options: readonly TimeOption[]
  locale: string
  timeZone: string
  selected?: string | undefined
  onSelect: (id: string) => void
  /** The one that is being held right now. */
  pending?: string | undefined
}

const PARTS = ['morning', 'afternoon', 'evening'] as const

/** Times of one day as large buttons, by part of the day. The pressed one is said as such. */
export function TimeList({ options, locale, timeZone, selected, onSelect, pending }: TimeListProps) {
  const t = useTranslations('ui.times')
  const id = useId()
  return (
    <div className="grid gap-5">
      {PARTS.map((part) => {
        const times = options.filter((option) => partOfDay(option.startsAt, timeZone) === part)
        if (times.length === 0) return null
        return (
          <section key={part} aria-labelledby={`${id}-${part}`}>
            <h3
              id={`${id}-${part}`}
              className="mb-2 flex items-baseline justify-between gap-3 tracking-normal"
            >
              {t(part)}
              <span className="text-sm font-normal text-ink-soft">{t('count', { count: times.length })}</span>
            </h3>
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,7.5rem),1fr))] gap-2">
              {times.map((option) => (
                <li key={option.id}>
                  <button
                    type="button"
                    aria-pressed={option.id === selected}
                    aria-disabled={pending !== undefined || undefined}
                    onClick={() => pending === undefined && onSelect(option.id)}
                    className="tabular flex min-h-12 w-full flex-col items-center justify-center rounded-md border border-line-strong bg-surface-raised px-2 py-1.5 font-semibold transition-colors hover:border-action hover:text-action aria-pressed:border-action aria-pressed:bg-action aria-pressed:text-action-ink aria-disabled:opacity-70 staff:min-h-9"
                  >
                    {formatTime(option.startsAt, { locale, timeZone })}
                    {option.detail && <span className="text-xs font-normal">{option.detail}</span>}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}
