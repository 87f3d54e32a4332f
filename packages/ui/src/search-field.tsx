'use client'
import { Search, X } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Input } from 'react-aria-components/Input'
import {
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchFieldProps,
} from 'react-aria-components/SearchField'
import { FieldHint } from './field-hint.tsx'
import { FieldLabel } from './field-label.tsx'
import { CONTROL, FIELD, type FieldProps } from './field-style.ts'

export type SearchFieldProps = Omit<FieldProps, 'error'> &
  Omit<AriaSearchFieldProps, 'className' | 'style' | 'children' | 'validate'> & {
    placeholder?: string
    /** The label is read but not shown; only where a heading beside it says the same. */
    isLabelHidden?: boolean
  }

/** A search: Escape or the cross empties it, Enter submits. */
export function SearchField({ label, hint, placeholder, isLabelHidden, ...props }: SearchFieldProps) {
  return (
    <AriaSearchField {...props} {...(isLabelHidden && { 'aria-label': label })} className={`group ${FIELD}`}>
      {!isLabelHidden && <FieldLabel label={label} />}
      <FieldHint hint={hint} />
      <div className="relative">
        <Search
          aria-hidden
          className="pointer-events-none absolute inset-y-0 start-3 my-auto size-5 text-ink-soft"
        />
        <Input
          className={`${CONTROL} ps-10 pe-11 [&::-webkit-search-cancel-button]:hidden`}
          {...(placeholder && { placeholder })}
        />
        <Button className="absolute inset-y-0 end-1 my-auto grid size-9 place-items-center rounded-md text-ink-soft hover:bg-surface-sunken group-data-empty:hidden staff:size-7 [&_svg]:size-4">
          <X aria-hidden />
        </Button>
      </div>
    </AriaSearchField>
  )
}
