'use client'
import { Minus, Plus } from 'lucide-react'
import type { Ref } from 'react'
import { Button } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import {
  NumberField as AriaNumberField,
  type NumberFieldProps as AriaNumberFieldProps,
} from 'react-aria-components/NumberField'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { FieldMessage } from './field-message.tsx'
import { FIELD, type FieldProps } from './field-style.ts'

export type NumberFieldProps = FieldProps &
  Omit<AriaNumberFieldProps, 'className' | 'style' | 'children' | 'isInvalid' | 'validate'> & {
    isOptional?: boolean
    /** Written after the number: "minutes", "days". */
    unit?: string
    inputRef?: Ref<HTMLInputElement>
  }

const STEP =
  'grid w-11 place-items-center text-ink-soft hover:bg-surface-sunken hover:text-ink disabled:opacity-40 staff:w-9 [&_svg]:size-4'

/** A number with its unit and steps. `NaN` is the empty value. */
export function NumberField({ label, hint, error, isOptional, unit, inputRef, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField {...props} isInvalid={Boolean(error)} validationBehavior="aria" className={FIELD}>
      <FieldLabel label={unit ? `${label} (${unit})` : label} isOptional={isOptional} />
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
      <Group className="flex min-h-12 w-44 max-w-full overflow-hidden rounded-md border border-line-strong bg-surface-raised hover:border-ink data-invalid:border-danger data-focus-within:border-ink staff:min-h-9">
        <Button slot="decrement" className={STEP}>
          <Minus aria-hidden />
        </Button>
        <Input
          ref={inputRef ?? null}
          className="tabular min-w-0 flex-1 border-x border-line bg-transparent px-2 text-center outline-offset-0"
        />
        <Button slot="increment" className={STEP}>
          <Plus aria-hidden />
        </Button>
      </Group>
    </AriaNumberField>
  )
}
