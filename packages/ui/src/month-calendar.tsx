'use client'
import { type CalendarDate, parseDate } from '@internationalized/date'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId } from 'react'
import { Button } from 'react-aria-components/Button'
import {
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
} from 'react-aria-components/Calendar'
import { Heading } from 'react-aria-components/Heading'
import { classNames } from './class-names.ts'
import { formatDate } from './format.ts'

export type CalendarDay = {
  openings: number
  /** Why nothing is open, in words: "Closed for a holiday". */
  reason?: string | undefined
}

export type MonthCalendarProps = {
  /** What is chosen: "Day of your visit". */
  label: string
  /** Calendar date (`YYYY-MM-DD`) to what is open on it; a missing day has no openings. */
  days: ReadonlyMap<string, CalendarDay>
  locale: string
  /** The chosen date, or empty. */
  value: string
  onChange: (visitDate: string) => void
  /** Today's date where the visit takes place; the viewer's may be another one. */
  today: string
  /** First and last date that can be looked at. */
  minDate: string
  maxDate: string
  /** The date in focus decides the month shown; also called when the person pages. */
  focusedDate?: string
  onFocusChange?: (visitDate: string) => void
  isLoading?: boolean
}

const PAGE =
  'grid size-11 place-items-center rounded-md text-action hover:bg-action-soft disabled:text-line-strong disabled:hover:bg-transparent staff:size-9 [&_svg]:size-5 rtl:-scale-x-100'
const CELL =
  'group grid aspect-square w-full min-h-11 max-h-16 cursor-pointer place-content-center justify-items-center rounded-md border border-transparent text-center leading-tight outline-offset-1 transition-colors ' +
  'data-outside-month:invisible data-unavailable:cursor-default data-unavailable:text-ink-soft data-disabled:cursor-default data-disabled:text-ink-soft ' +
  'not-data-unavailable:not-data-disabled:border-line not-data-unavailable:not-data-disabled:bg-surface-raised not-data-unavailable:not-data-disabled:font-semibold ' +
  'not-data-unavailable:not-data-disabled:data-hovered:border-action data-selected:border-action! data-selected:bg-action! data-selected:text-action-ink!'

/** A month of days, each with its openings in figures and in words ("Tuesday 3 March, 4 openings"). */
export function MonthCalendar(props: MonthCalendarProps) {
  const { days, locale, value, onChange, onFocusChange } = props
  const t = useTranslations('ui.calendar')
  const helpId = useId()
  const openings = (date: CalendarDate) => days.get(date.toString())?.openings ?? 0
  const isToday = (date: CalendarDate) => date.toString() === props.today
  const words = (date: CalendarDate) => {
    const found = days.get(date.toString())
    const state = found?.openings
      ? t('openings', { count: found.openings })
      : (found?.reason ?? t('noOpenings'))
    const name = formatDate(date.toString(), { locale, style: 'long' })
    return `${isToday(date) ? `${t('today')}, ` : ''}${name}, ${state}`
  }
  return (
    <Calendar
      aria-label={props.label}
      aria-describedby={helpId}
      value={value ? parseDate(value) : null}
      onChange={(date) => date && onChange(date.toString())}
      minValue={parseDate(props.minDate)}
      maxValue={parseDate(props.maxDate)}
      isDateUnavailable={(date) => !days.get(date.toString())?.openings}
      {...(props.focusedDate && { focusedValue: parseDate(props.focusedDate) })}
      {...(onFocusChange && { onFocusChange: (date: CalendarDate) => onFocusChange(date.toString()) })}
      className="w-full max-w-lg"
    >
      <header className="mb-3 flex items-center justify-between gap-2">
        <Button slot="previous" className={PAGE}>
          <ChevronLeft aria-hidden />
        </Button>
        <Heading className="text-lg first-letter:uppercase" />
        <Button slot="next" className={PAGE}>
          <ChevronRight aria-hidden />
        </Button>
      </header>
      <CalendarGrid
        weekdayStyle="short"
        aria-busy={props.isLoading || undefined}
        className={`w-full table-fixed border-separate border-spacing-1 ${props.isLoading ? 'animate-[skeleton_1.6s_ease-in-out_infinite]' : ''}`}
      >
        <CalendarGridHeader>
          {(weekday) => (
            <CalendarHeaderCell className="pb-1 text-xs font-normal text-ink-soft">
              {weekday}
            </CalendarHeaderCell>
          )}
        </CalendarGridHeader>
        <CalendarGridBody>
          {(date) => (
            <CalendarCell
              date={date}
              className={CELL}
              render={(dom) => <div {...dom} aria-label={words(date)} />}
            >
              <span
                className={classNames(
                  'tabular',
                  isToday(date) && 'underline decoration-2 underline-offset-4',
                )}
              >
                {date.day}
              </span>
              {openings(date) > 0 && (
                // generated, so that the name of the day stays the label above
                <span
                  data-open={t('open', { count: openings(date) })}
                  data-count={openings(date)}
                  className="tabular text-[0.7rem] font-normal text-ink-soft group-data-selected:text-action-ink max-xs:after:content-[attr(data-count)] xs:after:content-[attr(data-open)]"
                />
              )}
            </CalendarCell>
          )}
        </CalendarGridBody>
      </CalendarGrid>
      <p id={helpId} className="mt-2 text-sm text-ink-soft">
        {t('help')}
        <span className="sr-only"> {t('keys')}</span>
      </p>
    </Calendar>
  )
}
