'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { CheckboxGroupField } from '@openward/ui/checkbox-group-field'
import { EmptyState } from '@openward/ui/empty-state'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { directoryQueries } from '#/lib/directory.queries.ts'

export type FormsFieldProps = { value: string[]; onChange: (value: string[]) => void }

/** The forms that people fill in before the visit, of those in the record. One that is set but gone is shown, so that it can be taken off. */
export function FormsField({ value, onChange }: FormsFieldProps) {
  const fhir = useFhirClient()
  const t = useTranslations('services')
  const { data, error, refetch, isFetching } = useQuery(directoryQueries.forms(fhir))
  if (error) return <QueryError error={error} onRetry={refetch} isRetrying={isFetching} />
  if (!data) return <Skeleton shape="row" label={t('loadingForms')} />
  const known = data.flatMap(({ url, title, name }) =>
    url ? [{ value: url, label: title ?? name ?? url }] : [],
  )
  const gone = value
    .filter((url) => !known.some((one) => one.value === url))
    .map((url) => ({ value: url, label: url, hint: t('formGone') }))
  if (known.length + gone.length === 0)
    return <EmptyState title={t('noForms')}>{t('noFormsBody')}</EmptyState>
  return (
    <CheckboxGroupField
      label={t('fields.forms')}
      hint={t('hints.forms')}
      options={[...known, ...gone]}
      value={value}
      onChange={(forms) => onChange(forms.toSorted())}
    />
  )
}
