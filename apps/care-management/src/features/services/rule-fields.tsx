'use client'
import { VISIT_MODES } from '@openward/scheduling'
import { Card } from '@openward/ui/card'
import { CheckboxField } from '@openward/ui/checkbox-field'
import { CheckboxGroupField } from '@openward/ui/checkbox-group-field'
import { FormField } from '@openward/ui/form-field'
import { NumberField } from '@openward/ui/number-field'
import { useTranslations } from 'next-intl'
import type { Control } from 'react-hook-form'
import { DurationField } from '#/lib/duration-field.tsx'
import { useProblemWords } from '#/lib/use-problem-words.ts'
import type { ServiceValues } from './service-values.ts'

type Fields = { control: Control<ServiceValues> }

const LENGTHS = ['durationMinutes', 'startEveryMinutes', 'bufferBeforeMinutes', 'bufferAfterMinutes'] as const
const AGES = ['minimumAgeYears', 'maximumAgeYears'] as const
const NEEDS = ['referralRequired', 'needsRoom', 'needsInterpreter'] as const

function LengthCard({ control }: Fields) {
  const t = useTranslations('services')
  const words = useProblemWords()
  return (
    <Card title={t('lengths')}>
      <div className="grid gap-4 sm:grid-cols-2">
        {LENGTHS.map((name) => (
          <FormField key={name} control={control} name={name} words={(code) => words(name, code)}>
            {({ inputRef: _ref, name: _name, ...field }) => (
              <NumberField
                label={t(`fields.${name}`)}
                hint={t(`hints.${name}`)}
                unit={t('minutes')}
                step={5}
                {...field}
              />
            )}
          </FormField>
        ))}
      </div>
    </Card>
  )
}

function NoticeCard({ control }: Fields) {
  const t = useTranslations('services')
  const words = useProblemWords()
  return (
    <Card title={t('when')}>
      <div className="grid gap-4">
        {(['leadTimeMinutes', 'cancelNoticeMinutes'] as const).map((name) => (
          <FormField key={name} control={control} name={name} words={(code) => words(name, code)}>
            {({ id, value, onChange, error }) => (
              <DurationField
                id={id}
                label={t(`fields.${name}`)}
                hint={t(`hints.${name}`)}
                value={value}
                onChange={onChange}
                error={error}
              />
            )}
          </FormField>
        ))}
        <FormField control={control} name="horizonDays" words={(code) => words('horizonDays', code)}>
          {({ name: _name, ...field }) => (
            <NumberField
              label={t('fields.horizonDays')}
              hint={t('hints.horizonDays')}
              unit={t('days')}
              {...field}
            />
          )}
        </FormField>
      </div>
    </Card>
  )
}

function WhoCard({ control }: Fields) {
  const t = useTranslations('services')
  const words = useProblemWords()
  return (
    <Card title={t('who')}>
      <div className="grid gap-4">
        <FormField control={control} name="visitMode" words={(code) => words('visitMode', code)}>
          {({ inputRef: _ref, ...field }) => (
            <CheckboxGroupField
              label={t('fields.visitMode')}
              options={VISIT_MODES.map((mode) => ({ value: mode, label: t(`modes.${mode}`) }))}
              {...field}
              onChange={(modes: string[]) => field.onChange(modes.toSorted())}
            />
          )}
        </FormField>
        <div className="grid gap-4 sm:grid-cols-2">
          {AGES.map((name) => (
            <FormField key={name} control={control} name={name} words={(code) => words(name, code)}>
              {({ name: _name, ...field }) => (
                <NumberField label={t(`fields.${name}`)} hint={t(`hints.${name}`)} isOptional {...field} />
              )}
            </FormField>
          ))}
        </div>
        <div>
          {NEEDS.map((name) => (
            <FormField key={name} control={control} name={name}>
              {(field) => <CheckboxField label={t(`fields.${name}`)} {...field} />}
            </FormField>
          ))}
        </div>
      </div>
    </Card>
  )
}

/** How a service is booked: lengths, notice, and for whom. */
export function RuleFields({ control }: Fields) {
  return (
    <>
      <LengthCard control={control} />
      <NoticeCard control={control} />
      <WhoCard control={control} />
    </>
  )
}
