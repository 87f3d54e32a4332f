'use client'
import { formatDate } from '@openward/ui/format'
import { ChevronRight } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

export type DaysListProps = {
  days: ReadonlyMap<string, { openings: number }>
  selected: string | undefined
  onSelect: (date: string | undefined) => void
  /** The times of the open day. */
  children: ReactNode
}

/** Days with openings as a plain list: "Tuesday 3 March, 4 openings". Each opens in place. */
export function DaysList({ days, selected, onSelect, children }: DaysListProps) {
  const t = useTranslations('pickTime')
  const locale = useLocale()
  const dates = [...days]
    .filter(([, { openings }]) => openings > 0)
    .toSorted(([a], [b]) => a.localeCompare(b))
  return (
    <ul className="divide-y divide-line border-y border-line">
      {dates.map(([date, { openings }]) => {
        const isOpen = date === selected
        return (
          <li key={date}>
            <h3>
              <button
                type="button"
                aria-expanded={isOpen}
                onClick={() => onSelect(isOpen ? undefined : date)}
                className="flex min-h-14 w-full items-center gap-3 rounded-sm py-2 text-start tracking-normal hover:text-action"
              >
                <ChevronRight
                  aria-hidden
                  className={`size-5 shrink-0 text-ink-soft transition-transform ${isOpen ? 'rotate-90' : ''}`}
                />
                <span className="flex-1 first-letter:uppercase">
                  {formatDate(date, { locale, style: 'long' })}
                  <span className="sr-only">, </span>
                </span>
                <span className="tabular font-normal text-ink-soft">
                  {t('openings', { count: openings })}
                </span>
              </button>
            </h3>
            {isOpen && <div className="pt-2 pb-6">{children}</div>}
          </li>
        )
      })}
    </ul>
  )
}
