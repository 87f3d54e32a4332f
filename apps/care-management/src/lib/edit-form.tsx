'use client'
import { FhirError } from '@openward/fhir-client'
import { Button } from '@openward/ui/button'
import { ErrorSummary, type SummaryError } from '@openward/ui/error-summary'
import { formatDateTime } from '@openward/ui/format'
import { Notice } from '@openward/ui/notice'
import { StatusTag } from '@openward/ui/status-tag'
import { useLocale, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { type FieldErrors, type FieldValues, useFormState, type UseFormReturn } from 'react-hook-form'
import type { ChangedMeanwhile } from './merge-values.ts'
import { useProblemWords } from './use-problem-words.ts'

export type EditFormProps<V extends FieldValues> = {
  form: UseFormReturn<V>
  submit: () => Promise<void>
  undo: () => void
  isPending: boolean
  error: unknown
  changed: ChangedMeanwhile | undefined
  isDirty: boolean
  isSaved: boolean
  /** What each field is called, for the summary of errors and of what others changed. */
  labels: Readonly<Record<string, string>>
  /** The verb of saving: "Save the site". */
  saveLabel: string
  /** Stands inside a card: the row to save takes its colour. */
  isInCard?: boolean
  /** The time zone in which to say when somebody else saved. */
  timeZone?: string
  children: ReactNode
}

function ChangedNotice({
  changed,
  labels,
  timeZone,
}: Pick<EditFormProps<FieldValues>, 'labels' | 'timeZone'> & { changed: ChangedMeanwhile }) {
  const t = useTranslations('changed')
  const locale = useLocale()
  const zone = timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone
  const list = (names: string[]) =>
    new Intl.ListFormat(locale).format(names.map((name) => labels[name] ?? name))
  return (
    <Notice tone="attention" title={t('title')} isLive>
      {changed.at && <p>{t('when', { when: formatDateTime(changed.at, { locale, timeZone: zone }) })}</p>}
      {changed.taken.length > 0 && <p>{t('taken', { fields: list(changed.taken) })}</p>}
      {changed.kept.length > 0 && <p>{t('kept', { fields: list(changed.kept) })}</p>}
      <p>{t('next')}</p>
    </Notice>
  )
}

function SaveError({ error }: { error: unknown }) {
  const t = useTranslations('save')
  if (error === null || error === undefined) return null
  const code = error instanceof FhirError ? error.code : 'unexpected-response'
  if (code === 'precondition-failed') return null
  const correlationId = error instanceof FhirError ? error.correlationId : undefined
  return (
    <Notice tone="danger" title={t('failed')} isLive>
      <p>{t(`because.${code}`)}</p>
      <p>{t('kept')}</p>
      {correlationId && (
        <p className="mt-1 text-sm">
          {t('code')} <code className="break-all">{correlationId}</code>
        </p>
      )}
    </Notice>
  )
}

function useSummary(errors: FieldErrors, labels: EditFormProps<FieldValues>['labels']): SummaryError[] {
  const words = useProblemWords()
  return Object.entries(errors).map(([name, error]) => {
    const code = typeof error?.message === 'string' ? error.message : 'missing'
    return { name, message: `${labels[name] ?? name}: ${words(name, code)}` }
  })
}

/** A form with its summary of errors, what others changed meanwhile, and the row to save or undo. */
export function EditForm<V extends FieldValues>(props: EditFormProps<V>) {
  const { form, submit, undo, isPending, isDirty, isSaved, changed, labels } = props
  const t = useTranslations('save')
  const { errors, submitCount } = useFormState({ control: form.control })
  const summary = useSummary(errors as FieldErrors, labels)
  return (
    <form
      noValidate
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <ErrorSummary errors={summary} attempt={submitCount} />
      {changed && (
        <ChangedNotice
          changed={changed}
          labels={labels}
          {...(props.timeZone && { timeZone: props.timeZone })}
        />
      )}
      {props.children}
      <SaveError error={props.error} />
      <div
        className={`flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line py-3 ${isDirty ? `sticky bottom-0 z-10 ${props.isInCard ? 'bg-surface-raised' : 'bg-surface'}` : ''}`}
      >
        <Button type="submit" isPending={isPending}>
          {props.saveLabel}
        </Button>
        {isDirty && (
          <Button variant="quiet" onPress={undo} isDisabled={isPending}>
            {t('undo')}
          </Button>
        )}
        <output className="min-w-0">
          {isDirty && <StatusTag tone="attention">{t('unsaved')}</StatusTag>}
          {isSaved && <StatusTag tone="done">{t('saved')}</StatusTag>}
        </output>
      </div>
    </form>
  )
}
