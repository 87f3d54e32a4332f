'use client'
import { Button } from '@openward/ui/button'
import { formatDate } from '@openward/ui/format'
import { Skeleton } from '@openward/ui/skeleton'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useLocale, useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'

import { DaysList } from './days-list.tsx'
import { addMonths } from '#/lib/windows.ts'

function CalendarPlace() {
  const t = useTranslations('pickTime')
  return <Skeleton shape="row" count={6} label={t('loadingDays')} />
}

const MonthCalendar = dynamic(
  () => import('@openward/ui/month-calendar').then((module) => module.MonthCalendar),
  { ssr: false, loading: CalendarPlace },
)

export type MonthPanelProps = {
  view: 'calendar' | 'list'
  day: string | undefined
  month: string
  today: string
  lastDay: string
  days: ReadonlyMap<string, { openings: number }>
  isLoading: boolean
  onDay: (date: string | undefined) => void
  onMonth: (month: string) => void
  times: ReactNode
}

function MonthSteps({ month, today, lastDay, onMonth }: MonthPanelProps) {
  const t = useTranslations('pickTime')
  const locale = useLocale()
  const name = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-15T00:00:00Z`),
  )
  return (
    <div className="mb-3 flex items-center justify-between gap-2">
      <Button
        variant="quiet"
        aria-label={t('earlierMonth')}
        isDisabled={month <= today.slice(0, 7)}
        onPress={() => onMonth(addMonths(month, -1))}
      >
        <ChevronLeft aria-hidden />
      </Button>
      <h2 className="text-lg first-letter:uppercase" aria-live="polite">
        {name}
      </h2>
      <Button
        variant="quiet"
        aria-label={t('laterMonth')}
        isDisabled={month >= lastDay.slice(0, 7)}
        onPress={() => onMonth(addMonths(month, 1))}
      >
        <ChevronRight aria-hidden />
      </Button>
    </div>
  )
}

/** The days of a month, as a calendar with the times beside it, or as a list with the times inside it. */
export function MonthPanel(props: MonthPanelProps) {
  const t = useTranslations('pickTime')
  const locale = useLocale()
  const { view, day, days, month } = props
  const [moved, setMoved] = useState<string>()
  if (view === 'list')
    return (
      <div className="max-w-column">
        <MonthSteps {...props} />
        {props.isLoading ? (
          <Skeleton shape="row" count={5} label={t('loadingDays')} />
        ) : (
          <DaysList days={days} selected={day} onSelect={props.onDay}>
            {props.times}
          </DaysList>
        )}
        {!props.isLoading && days.size === 0 && <output className="block">{t('emptyMonth')}</output>}
      </div>
    )
  // Arrow keys move inside the month; another month begins at the chosen day, today or its first day.
  const start = month === props.today.slice(0, 7) ? props.today : `${month}-01`
  const focused = moved?.startsWith(month) ? moved : day?.startsWith(month) ? day : start
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,28rem)_minmax(0,1fr)]">
      <div>
        <MonthCalendar
          label={t('dayOfVisit')}
          days={days}
          locale={locale}
          value={day ?? ''}
          onChange={props.onDay}
          today={props.today}
          minDate={props.today}
          maxDate={props.lastDay}
          focusedDate={focused}
          onFocusChange={(date) => {
            setMoved(date)
            if (date.slice(0, 7) !== month) props.onMonth(date.slice(0, 7))
          }}
          isLoading={props.isLoading}
        />
        {!props.isLoading && days.size === 0 && <output className="mt-3 block">{t('emptyMonth')}</output>}
      </div>
      <div>
        {day ? (
          <section aria-label={formatDate(day, { locale, style: 'long' })}>{props.times}</section>
        ) : (
          <p className="text-ink-soft max-lg:hidden">{t('chooseDay')}</p>
        )}
      </div>
    </div>
  )
}
