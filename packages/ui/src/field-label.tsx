'use client'
import { useTranslations } from 'next-intl'
import { Label } from 'react-aria-components/Label'
import { LABEL } from './field-style.ts'

/** The label of a react-aria field, marked "(optional)" in words when it may stay empty. */
export function FieldLabel({ label, isOptional }: { label: string; isOptional?: boolean | undefined }) {
  const t = useTranslations('ui.field')
  return (
    <Label className={LABEL}>
      {label}
      {isOptional && ' '}
      {isOptional && <span className="font-normal text-ink-soft">{t('optional')}</span>}
    </Label>
  )
}
