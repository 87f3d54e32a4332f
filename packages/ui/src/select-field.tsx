'use client'
import { ChevronDown, CircleAlert } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type Ref, useId } from 'react'
import { CONTROL, ERROR, FIELD, HINT, LABEL, type FieldProps } from './field-style.ts'

export type SelectOption = { value: string; label: string; isDisabled?: boolean }

export type SelectFieldProps = FieldProps & {
  options: readonly SelectOption[]
  value: string
  onChange: (value: string) => void
  onBlur?: () => void
  name?: string
  id?: string
  /** Shown first, with the empty value. Leave out where every option is a real answer. */
  placeholder?: string
  isOptional?: boolean
  isDisabled?: boolean
  inputRef?: Ref<HTMLSelectElement>
}

/** One of a short list, as the platform's own control. For long lists use `ComboBoxField`. */
export function SelectField({ inputRef, ...props }: SelectFieldProps) {
  const t = useTranslations('ui.field')
  const own = useId()
  const id = props.id ?? own
  const hintId = `${id}-hint`
  const errorId = `${id}-error`
  const describedBy = [props.hint && hintId, props.error && errorId].filter(Boolean).join(' ')
  return (
    <div className={FIELD}>
      <label htmlFor={id} className={LABEL}>
        {props.label}
        {props.isOptional && ' '}
        {props.isOptional && <span className="font-normal text-ink-soft">{t('optional')}</span>}
      </label>
      {props.hint && (
        <div id={hintId} className={HINT}>
          {props.hint}
        </div>
      )}
      {props.error && (
        <div id={errorId} className={ERROR}>
          <CircleAlert aria-hidden />
          <span>{props.error}</span>
        </div>
      )}
      <div className="relative">
        <select
          id={id}
          ref={inputRef}
          name={props.name}
          value={props.value}
          disabled={props.isDisabled}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={describedBy || undefined}
          onChange={(event) => props.onChange(event.target.value)}
          onBlur={props.onBlur}
          className={`${CONTROL} appearance-none pe-10`}
        >
          {props.placeholder !== undefined && <option value="">{props.placeholder}</option>}
          {props.options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.isDisabled}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute inset-y-0 end-3 my-auto size-5 text-ink-soft"
        />
      </div>
    </div>
  )
}
