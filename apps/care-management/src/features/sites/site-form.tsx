'use client'
import type { Location } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Card } from '@openward/ui/card'
import { ComboBoxField } from '@openward/ui/combo-box-field'
import { FormField } from '@openward/ui/form-field'
import { SwitchField } from '@openward/ui/switch-field'
import { TextField } from '@openward/ui/text-field'
import { useQueryClient } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useWatch } from 'react-hook-form'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { EditForm } from '#/lib/edit-form.tsx'
import { HoursEditor } from '#/lib/hours-editor.tsx'
import { useEditForm } from '#/lib/use-edit-form.ts'
import { useProblemWords } from '#/lib/use-problem-words.ts'
import {
  newSite,
  problemsOfSiteValues,
  siteValuesFrom,
  type SiteValues,
  withSiteValues,
} from './site-values.ts'
import { useMinute } from './use-minute.ts'
import { timeThere, zoneOptions } from './zone-options.ts'

const ADDRESS_FIELDS = ['line', 'city', 'state', 'postalCode', 'country'] as const

export type SiteFormProps = {
  stored: Versioned<Location> | undefined
  organizationId: string
  onCreated?: (site: Versioned<Location>) => void
}

/** Everything about a site but its closures and rooms. */
export function SiteForm({ stored, organizationId, onCreated }: SiteFormProps) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('sites')
  const locale = useLocale()
  const words = useProblemWords()
  const now = useMinute()
  const { form, ...edit } = useEditForm<Location, SiteValues>({
    stored,
    toValues: siteValuesFrom,
    check: problemsOfSiteValues,
    send: (values, base) =>
      base
        ? fhir.update(withSiteValues(base, values))
        : fhir.create(withSiteValues(newSite(organizationId), values)),
    reload: (base) => fhir.read('Location', base.id),
    onSaved: (site) => {
      void queryClient.invalidateQueries({ queryKey: directoryQueries.all })
      if (!stored) onCreated?.(site)
    },
  })
  const { control } = form
  const timeZone = useWatch({ control, name: 'timeZone' })
  const zones = useMemo(
    () => zoneOptions(now, locale, timeZone, (time) => t('zoneOption', { time })),
    [now, locale, timeZone, t],
  )
  const fields = ['name', ...ADDRESS_FIELDS, 'phone', 'timeZone', 'hours', 'isActive'] as const
  const labels = Object.fromEntries(fields.map((name) => [name, t(`fields.${name}`)]))
  const there = timeZone === '' ? '' : timeThere(now, locale, timeZone)
  return (
    <EditForm
      form={form}
      {...edit}
      labels={labels}
      saveLabel={stored ? t('save') : t('create')}
      {...(timeZone && there && { timeZone })}
    >
      <Card title={t('about')}>
        <div className="grid gap-4">
          <FormField control={control} name="name" words={(code) => words('name', code)}>
            {(field) => <TextField label={t('fields.name')} {...field} />}
          </FormField>
          <div className="grid gap-4 sm:grid-cols-2">
            {ADDRESS_FIELDS.map((name) => (
              <div key={name} className={name === 'line' ? 'sm:col-span-2' : ''}>
                <FormField control={control} name={name} words={(code) => words(name, code)}>
                  {(field) => (
                    <TextField
                      label={t(`fields.${name}`)}
                      isOptional={name !== 'line' && name !== 'city'}
                      {...field}
                    />
                  )}
                </FormField>
              </div>
            ))}
            <FormField control={control} name="phone">
              {(field) => <TextField label={t('fields.phone')} type="tel" isOptional {...field} />}
            </FormField>
          </div>
          <FormField control={control} name="isActive">
            {({ error: _error, ...field }) => (
              <SwitchField label={t('fields.isActive')} hint={t('activeHint')} {...field} />
            )}
          </FormField>
        </div>
      </Card>
      <Card title={t('times')}>
        <div className="grid gap-5">
          <div className="max-w-measure">
            <FormField control={control} name="timeZone" words={(code) => words('timeZone', code)}>
              {(field) => (
                <ComboBoxField
                  label={t('fields.timeZone')}
                  hint={there === '' ? t('zoneHint') : t('zoneNow', { time: there })}
                  options={zones}
                  {...field}
                />
              )}
            </FormField>
          </div>
          <FormField control={control} name="hours">
            {({ id, value, onChange, error }) => (
              <HoursEditor
                id={id}
                label={t('fields.hours')}
                hint={t('hoursHint')}
                value={value}
                onChange={onChange}
                error={error}
              />
            )}
          </FormField>
        </div>
      </Card>
    </EditForm>
  )
}
