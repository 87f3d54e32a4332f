'use client'
import { parseTime, type Time } from '@internationalized/date'
import { useLocale } from 'next-intl'
import {
  DateInput,
  DateSegment,
  TimeField as AriaTimeField,
  type TimeFieldProps as AriaTimeFieldProps,
} from 'react-aria-components/TimeField'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { FieldMessage } from './field-message.tsx'
import { FIELD, type FieldProps } from './field-style.ts'
import { isSpanish } from './format-words.ts'
import { SEGMENT, SEGMENTS } from './segment-style.ts'

export type TimeFieldProps = FieldProps &
  Omit<
    AriaTimeFieldProps<Time>,
    | 'className'
    | 'style'
    | 'children'
    | 'isInvalid'
    | 'validate'
    | 'value'
    | 'onChange'
    | 'minValue'
    | 'maxValue'
  > & {
    /** A wall time, `HH:MM` in 24 hours, or empty. */
    value: string
    onChange: (value: string) => void
    isOptional?: boolean
    /** The label is read but not shown; only where a heading beside it says the same. */
    isLabelHidden?: boolean
  }

/** A wall time, shown in 12 or 24 hours by the person's language. */
export function TimeField(props: TimeFieldProps) {
  const { label, hint, error, value, onChange, isOptional, isLabelHidden, ...rest } = props
  return (
    <AriaTimeField
      {...rest}
      {...(isLabelHidden && { 'aria-label': label })}
      value={/^\d{2}:\d{2}/.test(value) ? parseTime(value) : null}
      onChange={(time) => onChange(time ? time.toString().slice(0, 5) : '')}
      hourCycle={isSpanish(useLocale()) ? 24 : 12}
      granularity="minute"
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={FIELD}
    >
      {!isLabelHidden && <FieldLabel label={label} isOptional={isOptional} />}
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
      <DateInput className={SEGMENTS}>
        {(segment) => <DateSegment segment={segment} className={SEGMENT} />}
      </DateInput>
    </AriaTimeField>
  )
}
