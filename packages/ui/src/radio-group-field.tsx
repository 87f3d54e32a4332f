'use client'
import type { Ref } from 'react'
import {
  Radio,
  RadioGroup,
  type RadioGroupProps as AriaRadioGroupProps,
} from 'react-aria-components/RadioGroup'
import { CHOICE_MARK, CHOICE_ROW } from './choice-style.ts'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { FieldMessage } from './field-message.tsx'
import { FIELD, type FieldProps } from './field-style.ts'

export type ChoiceOption = { value: string; label: string; hint?: string | undefined; isDisabled?: boolean }

export type RadioGroupFieldProps = FieldProps &
  Omit<AriaRadioGroupProps, 'className' | 'style' | 'children' | 'isInvalid' | 'validate' | 'value'> & {
    /** Empty while nothing is chosen; react-aria would take '' for a choice and leave no radio in the tab order. */
    value: string
    options: readonly ChoiceOption[]
    isOptional?: boolean
    /** Two columns from tablet width on; for short labels only. */
    isCompact?: boolean
    inputRef?: Ref<HTMLInputElement | null>
  }

/** One of a short list, each a full-width card with an optional second line. */
export function RadioGroupField({
  label,
  hint,
  error,
  options,
  isOptional,
  isCompact,
  inputRef,
  value,
  ...props
}: RadioGroupFieldProps) {
  return (
    <RadioGroup
      {...props}
      value={value || null}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={FIELD}
    >
      <FieldLabel label={label} isOptional={isOptional} />
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
      <div className={isCompact ? 'grid gap-2 sm:grid-cols-2' : 'grid gap-2'}>
        {options.map((option, index) => (
          <Radio
            key={option.value}
            value={option.value}
            className={CHOICE_ROW}
            {...(index === 0 && inputRef && { inputRef })}
            {...(option.isDisabled && { isDisabled: true })}
          >
            <span className={`${CHOICE_MARK} rounded-full`}>
              <span
                aria-hidden
                className="size-2 rounded-full bg-action-ink opacity-0 group-data-selected:opacity-100"
              />
            </span>
            <span className="min-w-0">
              <span className="block">{option.label}</span>
              {option.hint && <span className="block text-sm text-ink-soft">{option.hint}</span>}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}
