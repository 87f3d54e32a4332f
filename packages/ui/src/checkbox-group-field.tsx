'use client'
import { Check } from 'lucide-react'
import { Checkbox } from 'react-aria-components/Checkbox'
import {
  CheckboxGroup,
  type CheckboxGroupProps as AriaCheckboxGroupProps,
} from 'react-aria-components/CheckboxGroup'
import { CHOICE_MARK, CHOICE_ROW } from './choice-style.ts'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { FieldMessage } from './field-message.tsx'
import { FIELD, type FieldProps } from './field-style.ts'
import type { ChoiceOption } from './radio-group-field.tsx'

export type CheckboxGroupFieldProps = FieldProps &
  Omit<AriaCheckboxGroupProps, 'className' | 'style' | 'children' | 'isInvalid' | 'validate'> & {
    options: readonly ChoiceOption[]
    isOptional?: boolean
  }

/** Any number of a short list, each a full-width row. */
export function CheckboxGroupField({
  label,
  hint,
  error,
  options,
  isOptional,
  ...props
}: CheckboxGroupFieldProps) {
  return (
    <CheckboxGroup {...props} isInvalid={Boolean(error)} validationBehavior="aria" className={FIELD}>
      <FieldLabel label={label} isOptional={isOptional} />
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
      <div className="grid gap-2">
        {options.map((option) => (
          <Checkbox
            key={option.value}
            value={option.value}
            className={CHOICE_ROW}
            {...(option.isDisabled && { isDisabled: true })}
          >
            <span className={`${CHOICE_MARK} rounded-sm`}>
              <Check
                aria-hidden
                strokeWidth={3.5}
                className="size-3.5 opacity-0 group-data-selected:opacity-100"
              />
            </span>
            <span className="min-w-0">
              <span className="block">{option.label}</span>
              {option.hint && <span className="block text-sm text-ink-soft">{option.hint}</span>}
            </span>
          </Checkbox>
        ))}
      </div>
    </CheckboxGroup>
  )
}
