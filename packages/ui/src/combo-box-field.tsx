'use client'
import { ChevronsUpDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { Ref } from 'react'
import { Button } from 'react-aria-components/Button'
import { ComboBox, type ComboBoxProps as AriaComboBoxProps } from 'react-aria-components/ComboBox'
import { Input } from 'react-aria-components/Input'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { FieldMessage } from './field-message.tsx'
import { CONTROL, FIELD, type FieldProps } from './field-style.ts'

export type ComboBoxOption = { id: string; label: string; hint?: string | undefined }

export type ComboBoxFieldProps = FieldProps & {
  options: readonly ComboBoxOption[]
  /** The chosen option's id, or empty. */
  value: string
  onChange: (value: string) => void
  /** Set both to search elsewhere while typing; without them the given options are filtered. */
  inputValue?: string
  onInputChange?: (text: string) => void
  isOptional?: boolean
  inputRef?: Ref<HTMLInputElement>
} & Pick<AriaComboBoxProps<ComboBoxOption>, 'name' | 'id' | 'onBlur' | 'isDisabled'>

/** One of a long list, found by typing. */
export function ComboBoxField(props: ComboBoxFieldProps) {
  const { label, hint, error, options, value, onChange, isOptional, inputRef, onInputChange, ...rest } = props
  const t = useTranslations('ui.field')
  const list = onInputChange ? { items: options, onInputChange } : { defaultItems: options }
  return (
    <ComboBox
      {...rest}
      {...list}
      selectedKey={value || null}
      onSelectionChange={(key) => onChange(key === null ? '' : String(key))}
      allowsEmptyCollection
      menuTrigger="focus"
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={FIELD}
    >
      <FieldLabel label={label} isOptional={isOptional} />
      <FieldHint hint={hint} />
      <FieldMessage error={error} />
      <div className="relative">
        <Input ref={inputRef ?? null} className={`${CONTROL} pe-11`} />
        <Button className="absolute inset-y-0 end-1 my-auto grid size-9 place-items-center rounded-md text-ink-soft hover:bg-surface-sunken staff:size-7 [&_svg]:size-4">
          <ChevronsUpDown aria-hidden />
        </Button>
      </div>
      <Popover className="w-(--trigger-width) overflow-auto rounded-md border border-line bg-surface-raised p-1 shadow-float">
        <ListBox<ComboBoxOption>
          className="max-h-80 overflow-auto outline-none"
          renderEmptyState={() => <p className="px-3 py-2 text-ink-soft">{t('noMatch')}</p>}
        >
          {(option) => (
            <ListBoxItem
              id={option.id}
              textValue={option.label}
              className="flex min-h-11 flex-col justify-center rounded-sm px-3 py-1.5 outline-none data-focused:bg-action-soft data-selected:font-semibold staff:min-h-8"
            >
              {option.label}
              {option.hint && <span className="text-sm font-normal text-ink-soft">{option.hint}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
