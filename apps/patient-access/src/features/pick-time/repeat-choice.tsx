'use client'
import { CheckboxField } from '@openward/ui/checkbox-field'
import { SelectField } from '@openward/ui/select-field'
import { useTranslations } from 'next-intl'

import { MOST_WEEKS, type PickState } from './pick-state.ts'

const DEFAULT_COUNT = 6

/** Makes the chosen time the first of a weekly series. */
export function RepeatChoice({
  state,
  onChange,
}: {
  state: PickState
  onChange: (part: Partial<PickState>) => void
}) {
  const t = useTranslations('pickTime.repeat')
  return (
    <div className="grid gap-3">
      <CheckboxField
        label={t('label')}
        hint={t('hint')}
        value={state.repeat !== undefined}
        onChange={(isOn) => onChange({ repeat: isOn ? DEFAULT_COUNT : undefined })}
      />
      {state.repeat !== undefined && (
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label={t('count')}
            value={String(state.repeat)}
            onChange={(value) => onChange({ repeat: Number(value) })}
            options={Array.from({ length: MOST_WEEKS - 1 }, (_, index) => ({
              value: String(index + 2),
              label: t('visits', { count: index + 2 }),
            }))}
          />
          <SelectField
            label={t('every')}
            value={String(state.everyWeeks)}
            onChange={(value) => onChange({ everyWeeks: Number(value) })}
            options={[1, 2, 3, 4, 6, 8].map((weeks) => ({
              value: String(weeks),
              label: t('weeks', { count: weeks }),
            }))}
          />
        </div>
      )}
    </div>
  )
}
