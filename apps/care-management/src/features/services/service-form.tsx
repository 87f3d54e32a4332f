'use client'
import type { HealthcareService, Location } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { serviceRulesFrom } from '@openward/scheduling'
import { Card } from '@openward/ui/card'
import { CheckboxGroupField } from '@openward/ui/checkbox-group-field'
import { FormField } from '@openward/ui/form-field'
import { Notice } from '@openward/ui/notice'
import { SwitchField } from '@openward/ui/switch-field'
import { TextAreaField } from '@openward/ui/text-area-field'
import { TextField } from '@openward/ui/text-field'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { EditForm } from '#/lib/edit-form.tsx'
import { useEditForm } from '#/lib/use-edit-form.ts'
import { useProblemWords } from '#/lib/use-problem-words.ts'
import { FormsField } from './forms-field.tsx'
import { RuleFields } from './rule-fields.tsx'
import { RulesPreview } from './rules-preview.tsx'
import {
  codesOf,
  newService,
  problemsOfServiceValues,
  serviceValuesFrom,
  type ServiceValues,
  withServiceValues,
} from './service-values.ts'

export type ServiceFormProps = {
  stored: Versioned<HealthcareService> | undefined
  services: readonly HealthcareService[]
  sites: readonly (Location & { id: string })[]
  organizationId: string
  onCreated?: (service: Versioned<HealthcareService>) => void
}

/** Everything about a service, with what its rules mean beside them. */
export function ServiceForm({ stored, services, sites, organizationId, onCreated }: ServiceFormProps) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('services')
  const words = useProblemWords()
  const { form, ...edit } = useEditForm<HealthcareService, ServiceValues>({
    stored,
    toValues: serviceValuesFrom,
    check: problemsOfServiceValues,
    send: (values, base) =>
      base
        ? fhir.update(withServiceValues(base, values))
        : fhir.create(withServiceValues(newService(values.name, organizationId, codesOf(services)), values)),
    reload: (base) => fhir.read('HealthcareService', base.id),
    onSaved: (service) => {
      void queryClient.invalidateQueries({ queryKey: directoryQueries.all })
      if (!stored) onCreated?.(service)
    },
  })
  const { control } = form
  const names = Object.keys(serviceValuesFrom(undefined)) as (keyof ServiceValues)[]
  const labels = Object.fromEntries(names.map((name) => [name, t(`fields.${name}`)]))
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <EditForm form={form} {...edit} labels={labels} saveLabel={stored ? t('save') : t('create')}>
        {stored && !serviceRulesFrom(stored).ok && (
          <Notice tone="attention" title={t('unreadable')}>
            {t('unreadableBody')}
          </Notice>
        )}
        <Card title={t('about')}>
          <div className="grid gap-4">
            <div className="grid gap-4 sm:grid-cols-2">
              {(['name', 'nameEs'] as const).map((name) => (
                <FormField key={name} control={control} name={name} words={(code) => words(name, code)}>
                  {(field) => <TextField label={t(`fields.${name}`)} {...field} />}
                </FormField>
              ))}
              {(['comment', 'commentEs'] as const).map((name) => (
                <FormField key={name} control={control} name={name} words={(code) => words(name, code)}>
                  {(field) => (
                    <TextAreaField label={t(`fields.${name}`)} rows={3} maxLength={500} {...field} />
                  )}
                </FormField>
              ))}
            </div>
            <FormField control={control} name="siteIds" words={(code) => words('siteIds', code)}>
              {({ inputRef: _ref, ...field }) => (
                <CheckboxGroupField
                  label={t('fields.siteIds')}
                  options={sites.map(({ id, name }) => ({ value: id, label: name ?? id }))}
                  {...field}
                  onChange={(ids: string[]) => field.onChange(ids.toSorted())}
                />
              )}
            </FormField>
            <FormField control={control} name="isActive">
              {({ error: _error, ...field }) => (
                <SwitchField label={t('fields.isActive')} hint={t('hints.isActive')} {...field} />
              )}
            </FormField>
          </div>
        </Card>
        <RuleFields control={control} />
        <Card title={t('before')}>
          <FormField control={control} name="forms">
            {({ value, onChange }) => <FormsField value={value} onChange={onChange} />}
          </FormField>
        </Card>
      </EditForm>
      <RulesPreview control={control} />
    </div>
  )
}
