'use client'
import { Check } from 'lucide-react'
import type { Ref } from 'react'
import {
  CheckboxButton,
  CheckboxField as AriaCheckboxField,
  type CheckboxFieldProps as AriaCheckboxFieldProps,
} from 'react-aria-components/Checkbox'
import { CHOICE_MARK } from './choice-style.ts'
import { FieldHint } from './field-hint.tsx'
import { FieldMessage } from './field-message.tsx'
import { type FieldProps } from './field-style.ts'

export type CheckboxFieldProps = FieldProps &
  Omit<
    AriaCheckboxFieldProps,
    'className' | 'style' | 'children' | 'isInvalid' | 'validate' | 'value' | 'isSelected' | 'onChange'
  > & { value: boolean; onChange: (value: boolean) => void; inputRef?: Ref<HTMLInputElement | null> }

/** One yes-or-no question that may stay unanswered. For an on/off setting use `SwitchField`. */
export function CheckboxField({ label, hint, error, value, onChange, ...props }: CheckboxFieldProps) {
  return (
    <AriaCheckboxField
      {...props}
      isSelected={value}
      onChange={onChange}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className="flex flex-col"
    >
      <CheckboxButton className="group flex min-h-11 items-start gap-3 rounded-md py-2 staff:min-h-8 staff:py-1">
        <span className={`${CHOICE_MARK} rounded-sm`}>
          <Check
            aria-hidden
            strokeWidth={3.5}
            className="size-3.5 opacity-0 group-data-selected:opacity-100"
          />
        </span>
        <span>{label}</span>
      </CheckboxButton>
      <div className="grid gap-1.5 ps-8 empty:hidden">
        <FieldHint hint={hint} />
        <FieldMessage error={error} />
      </div>
    </AriaCheckboxField>
  )
}
