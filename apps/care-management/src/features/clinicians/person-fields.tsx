'use client'
import { CheckboxGroupField } from '@openward/ui/checkbox-group-field'
import { FormField } from '@openward/ui/form-field'
import { SwitchField } from '@openward/ui/switch-field'
import { TextField } from '@openward/ui/text-field'
import { useLocale, useTranslations } from 'next-intl'
import type { Control, FieldPath } from 'react-hook-form'
import { nameOfCode } from '#/lib/language-name.ts'
import { useProblemWords } from '#/lib/use-problem-words.ts'
import { LANGUAGES, type PersonValues } from './person-values.ts'

const TEXTS = ['prefix', 'given', 'family', 'title'] as const

/** A clinician's name, title and languages. */
export function PersonFields<V extends PersonValues>({
  control,
  recorded,
}: {
  control: Control<V>
  /** What languages are called where they are stored, for those that the browser does not know. */
  recorded?: ReadonlyMap<string, string>
}) {
  const t = useTranslations('clinicians')
  const words = useProblemWords()
  const locale = useLocale()
  // every form that holds these fields names them alike
  const own = control as unknown as Control<PersonValues>
  return (
    <div className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {TEXTS.map((name: (typeof TEXTS)[number] & FieldPath<PersonValues>) => (
          <FormField key={name} control={own} name={name} words={(code) => words(name, code)}>
            {(field) => (
              <TextField
                label={t(`fields.${name}`)}
                isOptional={name === 'prefix' || name === 'title'}
                {...field}
              />
            )}
          </FormField>
        ))}
      </div>
      <FormField control={own} name="languages" words={(code) => words('languages', code)}>
        {({ inputRef: _ref, value, ...field }) => (
          <div className="[&_[role=group]>div:last-child]:sm:grid-cols-3">
            <CheckboxGroupField
              label={t('fields.languages')}
              hint={t('languagesHint')}
              options={[...new Set([...LANGUAGES, ...value])].map((code) => ({
                value: code,
                label: nameOfCode(code, locale) ?? recorded?.get(code) ?? code,
              }))}
              {...field}
              value={value}
              onChange={(codes: string[]) => field.onChange(codes.toSorted())}
            />
          </div>
        )}
      </FormField>
      <FormField control={own} name="isActive">
        {({ error: _error, ...field }) => (
          <SwitchField label={t('fields.isActive')} hint={t('activeHint')} {...field} />
        )}
      </FormField>
    </div>
  )
}
