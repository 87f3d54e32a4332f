'use client'
import { NumberField } from '@openward/ui/number-field'
import { SelectField } from '@openward/ui/select-field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { type DurationUnit, DURATION_UNITS, MINUTES_PER, unitOf } from './duration.ts'

export type DurationFieldProps = {
  label: string
  hint?: string
  /** In minutes; `NaN` when empty. */
  value: number
  onChange: (valueMinutes: number) => void
  error?: string | undefined
  id?: string
}

/** A length of time as people say it: a number and minutes, hours or days. */
export function DurationField({ label, hint, value, onChange, error, id }: DurationFieldProps) {
  const t = useTranslations('duration')
  const [unit, setUnit] = useState<DurationUnit>(() => unitOf(value))
  const shown = unitOf(value, unit)
  return (
    <div className="flex flex-wrap items-end gap-2">
      <div className="w-44 max-w-full sm:whitespace-nowrap">
        <NumberField
          label={label}
          hint={hint}
          value={value / MINUTES_PER[shown]}
          onChange={(count) => onChange(count * MINUTES_PER[shown])}
          error={error}
          {...(id && { id })}
        />
      </div>
      <div className="w-32 [&_label]:sr-only">
        <SelectField
          label={t('unitOf', { label })}
          value={shown}
          onChange={(next) => {
            const chosen = DURATION_UNITS.find((one) => one === next) ?? 'minutes'
            onChange((value / MINUTES_PER[shown]) * MINUTES_PER[chosen])
            setUnit(chosen)
          }}
          options={DURATION_UNITS.map((one) => ({ value: one, label: t(one) }))}
        />
      </div>
    </div>
  )
}
