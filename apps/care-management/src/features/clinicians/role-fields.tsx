'use client'
import type { HealthcareService, Location } from '@medplum/fhirtypes'
import { EXTENSION, getExtension } from '@openward/fhir-client'
import { VISIT_MODES } from '@openward/scheduling'
import { CheckboxGroupField } from '@openward/ui/checkbox-group-field'
import { formatZone } from '@openward/ui/format'
import { FormField } from '@openward/ui/form-field'
import { SelectField } from '@openward/ui/select-field'
import { useLocale, useTranslations } from 'next-intl'
import { type Control, useWatch } from 'react-hook-form'
import { HoursEditor } from '#/lib/hours-editor.tsx'
import { serviceName } from '#/lib/use-directory-names.ts'
import { useProblemWords } from '#/lib/use-problem-words.ts'
import type { RoleValues } from './role-values.ts'

export type Offer = {
  sites: readonly (Location & { id: string })[]
  services: readonly (HealthcareService & { id: string })[]
}

function zoneOf(site: Location | undefined): string | undefined {
  return getExtension(site, EXTENSION.siteTimeZone)?.valueCode
}

/** Where and when somebody works, and what they offer there. */
export function RoleFields<V extends RoleValues>({
  control,
  sites,
  services,
}: Offer & { control: Control<V> }) {
  const t = useTranslations('clinicians')
  const locale = useLocale()
  const words = useProblemWords()
  // every form that holds these fields names them alike
  const own = control as unknown as Control<RoleValues>
  const siteId = useWatch({ control: own, name: 'siteId' })
  const timeZone = zoneOf(sites.find(({ id }) => id === siteId))
  const offered = services.filter(
    ({ location }) =>
      siteId === '' || !location || location.some((one) => one.reference === `Location/${siteId}`),
  )
  return (
    <div className="grid gap-5">
      <div className="max-w-column">
        <FormField control={own} name="siteId" words={(code) => words('siteId', code)}>
          {(field) => (
            <SelectField
              label={t('fields.siteId')}
              placeholder={t('chooseSite')}
              options={sites.map(({ id, name }) => ({ value: id, label: name ?? id }))}
              {...field}
            />
          )}
        </FormField>
      </div>
      <FormField control={own} name="hours">
        {({ id, value, onChange, error }) => (
          <HoursEditor
            id={id}
            label={t('fields.hours')}
            emptyLabel={t('notWorking')}
            hint={timeZone ? t('hoursZone', { zone: formatZone({ locale, timeZone }) }) : t('hoursHint')}
            value={value}
            onChange={onChange}
            error={error}
          />
        )}
      </FormField>
      <FormField control={own} name="serviceIds">
        {({ inputRef: _ref, ...field }) => (
          <div className="[&_[role=group]>div:last-child]:sm:grid-cols-2">
            <CheckboxGroupField
              label={t('fields.serviceIds')}
              hint={t('servicesHint')}
              options={offered.map((service) => ({ value: service.id, label: serviceName(service, locale) }))}
              {...field}
              onChange={(ids: string[]) => field.onChange(ids.toSorted())}
            />
          </div>
        )}
      </FormField>
      <FormField control={own} name="visitModes" words={(code) => words('visitModes', code)}>
        {({ inputRef: _ref, ...field }) => (
          <CheckboxGroupField
            label={t('fields.visitModes')}
            hint={t('modesHint')}
            options={VISIT_MODES.map((mode) => ({ value: mode, label: t(`modes.${mode}`) }))}
            {...field}
            onChange={(modes: string[]) => field.onChange(modes.toSorted())}
          />
        )}
      </FormField>
    </div>
  )
}
