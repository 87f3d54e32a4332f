'use client'
import type { Organization } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { ACCENTS, type Branding, brandingFrom } from '@openward/portal/branding'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Card } from '@openward/ui/card'
import { FormField } from '@openward/ui/form-field'
import { RadioGroupField } from '@openward/ui/radio-group-field'
import { Skeleton } from '@openward/ui/skeleton'
import { TextAreaField } from '@openward/ui/text-area-field'
import { TextField } from '@openward/ui/text-field'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { EditForm } from '#/lib/edit-form.tsx'
import { meQueries } from '#/lib/me.queries.ts'
import { useEditForm } from '#/lib/use-edit-form.ts'
import { useProblemWords } from '#/lib/use-problem-words.ts'
import { BrandingPreview } from './branding-preview.tsx'
import { problemsOfBranding, withBranding } from './branding-values.ts'

function BrandingForm({ stored }: { stored: Versioned<Organization> }) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('branding')
  const words = useProblemWords()
  const { form, ...edit } = useEditForm<Organization, Branding>({
    stored,
    toValues: brandingFrom,
    check: problemsOfBranding,
    send: (values, base) => fhir.update(withBranding(base ?? stored, values)),
    reload: (base) => fhir.read('Organization', base.id),
    onSaved: () => void queryClient.invalidateQueries({ queryKey: directoryQueries.all }),
  })
  const { control } = form
  const names = Object.keys(brandingFrom(undefined)) as (keyof Branding)[]
  const labels = Object.fromEntries(names.map((name) => [name, t(`fields.${name}`)]))
  return (
    <div className="grid max-w-page items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <EditForm form={form} {...edit} labels={labels} saveLabel={t('save')}>
        <Card title={t('identity')}>
          <div className="grid gap-4">
            <FormField control={control} name="displayName" words={(code) => words('displayName', code)}>
              {(field) => <TextField label={t('fields.displayName')} maxLength={80} {...field} />}
            </FormField>
            <FormField control={control} name="phone" words={(code) => words('phone', code)}>
              {(field) => <TextField label={t('fields.phone')} hint={t('phoneHint')} type="tel" {...field} />}
            </FormField>
            <FormField control={control} name="accent">
              {({ inputRef: _ref, ...field }) => (
                <RadioGroupField
                  label={t('fields.accent')}
                  isCompact
                  options={ACCENTS.map((accent) => ({ value: accent, label: t(`accents.${accent}`) }))}
                  {...field}
                />
              )}
            </FormField>
          </div>
        </Card>
        <Card title={t('welcome')}>
          <div className="grid gap-4">
            {(['welcome', 'welcomeEs'] as const).map((name) => (
              <FormField key={name} control={control} name={name} words={(code) => words(name, code)}>
                {(field) => <TextAreaField label={t(`fields.${name}`)} rows={3} maxLength={300} {...field} />}
              </FormField>
            ))}
          </div>
        </Card>
      </EditForm>
      <BrandingPreview control={control} />
    </div>
  )
}

/** How the organisation shows itself to patients. */
export function BrandingScreen() {
  const fhir = useFhirClient()
  const t = useTranslations('branding')
  const me = useQuery(meQueries.me(fhir))
  const organizationId = me.data?.organizationId ?? ''
  const organization = useQuery({
    ...directoryQueries.organization(fhir, organizationId),
    enabled: organizationId !== '',
  })
  const error = organization.error ?? me.error
  if (error && !organization.data)
    return <QueryError error={error} onRetry={() => (me.data ? organization.refetch() : me.refetch())} />
  if (!organization.data) return <Skeleton shape="card" count={2} label={t('loading')} />
  return <BrandingForm stored={organization.data} />
}
