'use client'
import { useTranslations } from 'next-intl'
import type { Ref } from 'react'
import { TextArea } from 'react-aria-components/TextArea'
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components/TextField'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { FieldMessage } from './field-message.tsx'
import { CONTROL_MULTILINE, FIELD, type FieldProps } from './field-style.ts'

export type TextAreaFieldProps = FieldProps &
  Omit<AriaTextFieldProps, 'className' | 'style' | 'children' | 'isInvalid' | 'validate' | 'type'> & {
    isOptional?: boolean
    rows?: number
    inputRef?: Ref<HTMLTextAreaElement>
  }

/** Several lines of text. With `maxLength` it counts what is left once a fifth remains. */
export function TextAreaField({
  label,
  hint,
  error,
  isOptional,
  rows = 4,
  inputRef,
  ...props
}: TextAreaFieldProps) {
  const t = useTranslations('ui.field')
  const left = props.maxLength === undefined ? undefined : props.maxLength - (props.value?.length ?? 0)
  const isNearEnd = left !== undefined && props.maxLength !== undefined && left <= props.maxLength / 5
  return (
    <AriaTextField {...props} isInvalid={Boolean(error)} validationBehavior="aria" className={FIELD}>
      <FieldLabel label={label} isOptional={isOptional} />
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
      <TextArea ref={inputRef ?? null} rows={rows} className={CONTROL_MULTILINE} />
      <output className="block min-h-5 text-sm text-ink-soft empty:hidden">
        {isNearEnd ? t('charactersLeft', { count: left }) : ''}
      </output>
    </AriaTextField>
  )
}
