'use client'
import { zodResolver } from '@hookform/resolvers/zod'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import {
  type BookingDetails,
  type BookingDetailsForm,
  bookingDetailsSchema,
  FIELD_PROBLEMS,
  MAX_TEXT_LENGTH,
} from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { ErrorSummary } from '@openward/ui/error-summary'
import { FormField } from '@openward/ui/form-field'
import { SelectField } from '@openward/ui/select-field'
import { TextAreaField } from '@openward/ui/text-area-field'
import { TextField } from '@openward/ui/text-field'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { useForm } from 'react-hook-form'

import { directoryQueries } from '#/lib/directory.queries.ts'
import { StickyActions } from '#/lib/sticky-actions.tsx'
import { useNames } from '#/lib/use-names.ts'

export type DetailsFormProps = {
  initial: BookingDetailsForm
  onKeep: (values: BookingDetailsForm) => void
  onDone: () => void
}

const FIELDS = ['reason', 'contactPhone', 'interpreterLanguage', 'accessNeeds', 'comment'] as const

/** What the clinic should know before the visit. Nothing is asked that is not needed; all of it may be left empty. */
export function DetailsForm({ initial, onKeep, onDone }: DetailsFormProps) {
  const t = useTranslations('details')
  const problems = useTranslations('fieldProblems')
  const names = useNames()
  const fhir = useFhirClient()
  const { data } = useQuery(directoryQueries.all(fhir))
  const languages = data?.interpreterLanguages ?? []
  const empty = { reason: '', contactPhone: '', interpreterLanguage: '', accessNeeds: '', comment: '' }
  const { control, getValues, handleSubmit, formState, subscribe } = useForm<
    BookingDetailsForm,
    unknown,
    BookingDetails
  >({
    resolver: zodResolver(bookingDetailsSchema),
    defaultValues: { ...empty, ...initial },
    shouldFocusError: false,
  })
  useEffect(
    () => subscribe({ formState: { values: true }, callback: ({ values }) => onKeep(values) }),
    [subscribe, onKeep],
  )
  function handleDone() {
    // What stood in the form from the start counts as said, too.
    onKeep(getValues())
    onDone()
  }
  const words = (message: string) => {
    const problem = FIELD_PROBLEMS.find((one) => one === message)
    return problems(problem ?? 'value')
  }
  const errors = FIELDS.flatMap((name) => {
    const message = formState.errors[name]?.message
    return message ? [{ name, message: `${t(`${name}.label`)}: ${words(message)}` }] : []
  })
  const wanted = initial.interpreterLanguage
  const offered = wanted && !languages.includes(wanted) ? [...languages, wanted] : languages
  return (
    <form
      noValidate
      onSubmit={(event) => void handleSubmit(handleDone)(event)}
      className="grid max-w-column gap-6"
    >
      <ErrorSummary errors={errors} attempt={formState.submitCount} />
      <FormField control={control} name="reason" words={words}>
        {({ value, ...field }) => (
          <TextAreaField
            {...field}
            value={value ?? ''}
            label={t('reason.label')}
            hint={t('reason.hint')}
            isOptional
            rows={3}
            maxLength={MAX_TEXT_LENGTH}
          />
        )}
      </FormField>
      <FormField control={control} name="contactPhone" words={words}>
        {({ value, ...field }) => (
          <TextField
            {...field}
            value={value ?? ''}
            label={t('contactPhone.label')}
            hint={t('contactPhone.hint')}
            isOptional
            type="tel"
            inputMode="tel"
            autoComplete="tel"
          />
        )}
      </FormField>
      <FormField control={control} name="interpreterLanguage" words={words}>
        {({ value, ...field }) => (
          <SelectField
            {...field}
            value={value ?? ''}
            label={t('interpreterLanguage.label')}
            hint={t('interpreterLanguage.hint')}
            placeholder={t('interpreterLanguage.none')}
            options={offered.map((code) => ({ value: code, label: names.language(code) }))}
            isOptional
          />
        )}
      </FormField>
      <FormField control={control} name="accessNeeds" words={words}>
        {({ value, ...field }) => (
          <TextAreaField
            {...field}
            value={value ?? ''}
            label={t('accessNeeds.label')}
            hint={t('accessNeeds.hint')}
            isOptional
            rows={2}
            maxLength={MAX_TEXT_LENGTH}
          />
        )}
      </FormField>
      <FormField control={control} name="comment" words={words}>
        {({ value, ...field }) => (
          <TextAreaField
            {...field}
            value={value ?? ''}
            label={t('comment.label')}
            hint={t('comment.hint')}
            isOptional
            rows={2}
            maxLength={MAX_TEXT_LENGTH}
          />
        )}
      </FormField>
      <StickyActions>
        <Button type="submit">{t('next')}</Button>
      </StickyActions>
    </form>
  )
}
