'use client'
import { zodResolver } from '@hookform/resolvers/zod'
import { Button } from '@openward/ui/button'
import { ErrorSummary } from '@openward/ui/error-summary'
import { FormField } from '@openward/ui/form-field'
import { LinkButton } from '@openward/ui/link-button'
import { SelectField } from '@openward/ui/select-field'
import { TextField } from '@openward/ui/text-field'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'
import { useForm } from 'react-hook-form'

import { usePersonPath } from '#/lib/person-context.tsx'
import { StickyActions } from '#/lib/sticky-actions.tsx'
import { useNames } from '#/lib/use-names.ts'

import { PROFILE_FIELDS, type ProfileForm as Values, profileSchema } from './profile.schema.ts'

const PROBLEMS = ['too-long', 'control-characters', 'phone', 'email', 'language'] as const
const LANGUAGES = ['en', 'es', 'zh', 'hi', 'ar', 'fr', 'pt', 'ru', 'vi', 'ko', 'tl', 'ht', 'de', 'pl']
const TEXTS = [
  { name: 'preferredName', autoComplete: 'nickname' },
  { name: 'phone', autoComplete: 'tel', type: 'tel', inputMode: 'tel' },
  { name: 'email', autoComplete: 'email', type: 'email', inputMode: 'email' },
] as const
const ADDRESS = [
  { name: 'line', autoComplete: 'address-line1' },
  { name: 'line2', autoComplete: 'address-line2' },
  { name: 'city', autoComplete: 'address-level2' },
  { name: 'state', autoComplete: 'address-level1' },
  { name: 'postalCode', autoComplete: 'postal-code' },
  { name: 'country', autoComplete: 'country' },
] as const

export type ProfileFormProps = { initial: Values; isPending: boolean; onSave: (values: Values) => void }

/** Name, contact, language and address. */
export function ProfileForm({ initial, isPending, onSave }: ProfileFormProps) {
  const t = useTranslations('profile')
  const problems = useTranslations('fieldProblems')
  const names = useNames()
  const path = usePersonPath()
  const { control, handleSubmit, formState } = useForm<Values, unknown, Values>({
    resolver: zodResolver(profileSchema),
    defaultValues: initial,
    shouldFocusError: false,
  })
  const words = (message: string) => problems(PROBLEMS.find((one) => one === message) ?? 'value')
  const errors = PROFILE_FIELDS.flatMap((name) => {
    const message = formState.errors[name]?.message
    return message ? [{ name, message: `${t(`fields.${name}`)}: ${words(message)}` }] : []
  })
  const languages = [...new Set([initial.language, ...LANGUAGES])].filter(Boolean)
  return (
    <form noValidate onSubmit={(event) => void handleSubmit(onSave)(event)} className="grid gap-6">
      <ErrorSummary errors={errors} attempt={formState.submitCount} />
      {TEXTS.map(({ name, ...rest }) => (
        <FormField key={name} control={control} name={name} words={words}>
          {(field) => (
            <TextField
              {...field}
              {...rest}
              label={t(`fields.${name}`)}
              hint={t(`hints.${name}`)}
              isOptional
            />
          )}
        </FormField>
      ))}
      <FormField control={control} name="language" words={words}>
        {(field) => (
          <SelectField
            {...field}
            label={t('fields.language')}
            hint={t('hints.language')}
            placeholder={t('notRecorded')}
            options={languages.map((code) => ({ value: code, label: names.language(code) }))}
          />
        )}
      </FormField>
      <fieldset className="grid gap-6 rounded-lg border border-line p-5">
        <legend className="px-2 text-lg font-semibold">{t('fields.address')}</legend>
        {ADDRESS.map(({ name, autoComplete }) => (
          <FormField key={name} control={control} name={name} words={words}>
            {(field) => (
              <TextField
                {...field}
                autoComplete={autoComplete}
                label={t(`fields.${name}`)}
                isOptional={name === 'line2'}
              />
            )}
          </FormField>
        ))}
      </fieldset>
      <StickyActions>
        <Button type="submit" isPending={isPending}>
          {t('save')}
        </Button>
        <LinkButton as={NextLink} href={path('/profile')} variant="secondary">
          {t('discard')}
        </LinkButton>
      </StickyActions>
    </form>
  )
}
