'use client'
import { type CalendarDate, parseDate } from '@internationalized/date'
import {
  DateField as AriaDateField,
  type DateFieldProps as AriaDateFieldProps,
  DateInput,
  DateSegment,
} from 'react-aria-components/DateField'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { FieldMessage } from './field-message.tsx'
import { FIELD, type FieldProps } from './field-style.ts'
import { SEGMENT, SEGMENTS } from './segment-style.ts'

export type DateFieldProps = FieldProps &
  Omit<
    AriaDateFieldProps<CalendarDate>,
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
    /** A calendar date, `YYYY-MM-DD`, or empty. */
    value: string
    onChange: (value: string) => void
    minDate?: string
    maxDate?: string
    isOptional?: boolean
  }

function readDate(value: string | undefined): CalendarDate | null {
  return value && /^\d{4}-\d{2}-\d{2}$/.test(value) ? parseDate(value) : null
}

/** A known date such as a birth date, typed part by part in the order of the person's language. */
export function DateField(props: DateFieldProps) {
  const { label, hint, error, value, onChange, minDate, maxDate, isOptional, ...rest } = props
  const minValue = readDate(minDate)
  const maxValue = readDate(maxDate)
  return (
    <AriaDateField
      {...rest}
      value={readDate(value)}
      onChange={(date) => onChange(date?.toString() ?? '')}
      {...(minValue && { minValue })}
      {...(maxValue && { maxValue })}
      granularity="day"
      shouldForceLeadingZeros
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={FIELD}
    >
      <FieldLabel label={label} isOptional={isOptional} />
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
      <DateInput className={SEGMENTS}>
        {(segment) => <DateSegment segment={segment} className={SEGMENT} />}
      </DateInput>
    </AriaDateField>
  )
}
