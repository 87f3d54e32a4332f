'use client'
import type { Ref } from 'react'
import {
  SwitchButton,
  SwitchField as AriaSwitchField,
  type SwitchFieldProps as AriaSwitchFieldProps,
} from 'react-aria-components/Switch'
import { FieldHint } from './field-hint.tsx'
import { FieldMessage } from './field-message.tsx'
import { type FieldProps } from './field-style.ts'

export type SwitchFieldProps = FieldProps &
  Omit<
    AriaSwitchFieldProps,
    'className' | 'style' | 'children' | 'isInvalid' | 'validate' | 'value' | 'isSelected' | 'onChange'
  > & { value: boolean; onChange: (value: boolean) => void; inputRef?: Ref<HTMLInputElement | null> }

/** A setting that is on or off at once. */
export function SwitchField({ label, hint, error, value, onChange, ...props }: SwitchFieldProps) {
  return (
    <AriaSwitchField
      {...props}
      isSelected={value}
      onChange={onChange}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className="flex flex-col gap-1.5"
    >
      <SwitchButton className="group flex min-h-11 items-center justify-between gap-4 rounded-md staff:min-h-8">
        <span>{label}</span>
        <span className="flex h-7 w-12 shrink-0 items-center rounded-full border-2 border-line-strong bg-surface-sunken p-0.5 transition-colors group-data-selected:border-action group-data-selected:bg-action">
          <span className="size-5 rounded-full bg-line-strong transition-transform group-data-selected:translate-x-5 group-data-selected:bg-action-ink rtl:group-data-selected:-translate-x-5 forced-colors:bg-[ButtonText]" />
        </span>
      </SwitchButton>
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
    </AriaSwitchField>
  )
}
