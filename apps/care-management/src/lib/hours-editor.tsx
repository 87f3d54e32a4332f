'use client'
import { type Weekday, WEEKDAYS } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { TimeField } from '@openward/ui/time-field'
import { Copy, Plus, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId } from 'react'
import {
  copyDay,
  endsNextDay,
  type HoursProblem,
  nextWindow,
  problemsOfWeek,
  type TimeWindow,
  type WeekHours,
} from './hours.ts'

export type HoursEditorProps = {
  /** The group's name: "Opening hours". */
  label: string
  hint?: string
  /** What a day without hours is called; default: "Closed". */
  emptyLabel?: string
  value: WeekHours
  onChange: (value: WeekHours) => void
  /** Set once the person has tried to save: only then is what is wrong shown beside the times. */
  error?: string | undefined
  id?: string
}

type DayProps = {
  day: Weekday
  week: WeekHours
  problems: readonly HoursProblem[]
  onChange: (value: WeekHours) => void
  emptyLabel: string | undefined
}

const OTHER_WORKDAYS: readonly Weekday[] = ['tue', 'wed', 'thu', 'fri']

function WindowRow(props: DayProps & { window: TimeWindow; index: number }) {
  const { day, week, window, index, onChange } = props
  const t = useTranslations('hours')
  const name = t(`days.${day}`)
  const wrong = props.problems.filter((problem) => problem.day === day && problem.index === index)
  const errorOf = (part: 'start' | 'end') => {
    const problem = wrong.find((one) => one.part === part)
    return problem && t(`problems.${problem.code}`)
  }
  const replace = (changed: TimeWindow) =>
    onChange({ ...week, [day]: week[day].map((one, at) => (at === index ? changed : one)) })
  const remove = () => onChange({ ...week, [day]: week[day].filter((_, at) => at !== index) })
  return (
    <li className="flex flex-wrap items-end gap-x-2 gap-y-1">
      {window.isAllDay ? (
        <p className="py-1.5">{t('allDay')}</p>
      ) : (
        <>
          <div className="max-sm:w-28 max-sm:[&_[role=group]]:min-w-0">
            <TimeField
              label={t('from', { day: name })}
              isLabelHidden
              value={window.start}
              onChange={(start) => replace({ ...window, start })}
              error={errorOf('start')}
            />
          </div>
          <span className="py-1.5 text-ink-soft" aria-hidden>
            {t('to')}
          </span>
          <div className="max-sm:w-28 max-sm:[&_[role=group]]:min-w-0">
            <TimeField
              label={t('until', { day: name })}
              isLabelHidden
              value={window.end}
              onChange={(end) => replace({ ...window, end })}
              error={errorOf('end')}
            />
          </div>
        </>
      )}
      <Button
        variant="quiet"
        size="small"
        onPress={remove}
        aria-label={t('remove', { day: name, number: index + 1 })}
      >
        <X aria-hidden />
      </Button>
      {endsNextDay(window) && <p className="py-1.5 text-sm text-attention">{t('nextDay')}</p>}
    </li>
  )
}

function DayRow(props: DayProps) {
  const { day, week, onChange } = props
  const t = useTranslations('hours')
  const name = t(`days.${day}`)
  const windows = week[day]
  const canCopy = day === 'mon' && windows.length > 0
  const add = () => onChange({ ...week, [day]: [...windows, nextWindow(windows)] })
  return (
    <div className="grid gap-x-4 gap-y-1 py-2 sm:grid-cols-[7rem_minmax(0,1fr)_auto]">
      <h4 className="py-1.5 font-semibold">{name}</h4>
      {windows.length === 0 ? (
        <p className="py-1.5 text-ink-soft">{props.emptyLabel ?? t('closed')}</p>
      ) : (
        <ul className="grid gap-2">
          {windows.map((window, index) => (
            <WindowRow key={index} {...props} window={window} index={index} />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-start gap-1 sm:justify-end">
        {canCopy && (
          <Button variant="quiet" size="small" onPress={() => onChange(copyDay(week, day, OTHER_WORKDAYS))}>
            <Copy aria-hidden />
            {t('copy')}
          </Button>
        )}
        <Button variant="quiet" size="small" onPress={add} aria-label={t('addTo', { day: name })}>
          <Plus aria-hidden />
          {t('add')}
        </Button>
      </div>
    </div>
  )
}

/** Hours day by day, each with any number of windows; a day without one is closed. */
export function HoursEditor(props: HoursEditorProps) {
  const { label, hint, value, onChange, error, id } = props
  const own = useId()
  const problems = error ? problemsOfWeek(value) : []
  return (
    <fieldset
      className="min-w-0"
      aria-labelledby={`${own}-label`}
      aria-describedby={hint && `${own}-hint`}
      id={id}
    >
      <h3 id={`${own}-label`} className="font-semibold">
        {label}
      </h3>
      {hint && (
        <p id={`${own}-hint`} className="text-sm text-ink-soft">
          {hint}
        </p>
      )}
      <div className="mt-2 divide-y divide-line border-y border-line">
        {WEEKDAYS.map((day) => (
          <DayRow
            key={day}
            day={day}
            week={value}
            problems={problems}
            onChange={onChange}
            emptyLabel={props.emptyLabel}
          />
        ))}
      </div>
    </fieldset>
  )
}
