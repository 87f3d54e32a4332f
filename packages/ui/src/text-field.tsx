'use client'
import type { Ref } from 'react'
import { Input } from 'react-aria-components/Input'
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components/TextField'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { FieldMessage } from './field-message.tsx'
import { CONTROL, FIELD, type FieldProps } from './field-style.ts'

export type TextFieldProps = FieldProps &
  Omit<AriaTextFieldProps, 'className' | 'style' | 'children' | 'isInvalid' | 'validate'> & {
    isOptional?: boolean
    inputRef?: Ref<HTMLInputElement>
    placeholder?: string
  }

/** One line of text. */
export function TextField({
  label,
  hint,
  error,
  isOptional,
  inputRef,
  placeholder,
  ...props
}: TextFieldProps) {
  return (
    <AriaTextField {...props} isInvalid={Boolean(error)} validationBehavior="aria" className={FIELD}>
      <FieldLabel label={label} isOptional={isOptional} />
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
      <Input ref={inputRef ?? null} className={CONTROL} {...(placeholder && { placeholder })} />
    </AriaTextField>
  )
}
