'use client'
import type { PractitionerRole } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Card } from '@openward/ui/card'
import { FormField } from '@openward/ui/form-field'
import { SwitchField } from '@openward/ui/switch-field'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { EditForm } from '#/lib/edit-form.tsx'
import { useEditForm } from '#/lib/use-edit-form.ts'
import { type Offer, RoleFields } from './role-fields.tsx'
import { newRole, problemsOfRole, roleValuesFrom, type RoleValues, withRole } from './role-values.ts'

export type RoleCardProps = Offer & {
  /** Absent: a further site for this person. */
  stored: Versioned<PractitionerRole> | undefined
  practitionerId: string
  organizationId: string
  title: string
  onCreated?: () => void
}

/** Where somebody works: hours, services and ways to be seen at one site. */
export function RoleCard({
  stored,
  practitionerId,
  organizationId,
  title,
  onCreated,
  ...offer
}: RoleCardProps) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('clinicians')
  const { form, ...edit } = useEditForm<PractitionerRole, RoleValues>({
    stored,
    toValues: roleValuesFrom,
    check: problemsOfRole,
    send: (values, base) =>
      base
        ? fhir.update(withRole(base, values))
        : fhir.create(withRole(newRole(`Practitioner/${practitionerId}`, organizationId, title), values)),
    reload: (base) => fhir.read('PractitionerRole', base.id),
    onSaved: () => {
      void queryClient.invalidateQueries({ queryKey: directoryQueries.all })
      if (!stored) onCreated?.()
    },
  })
  const names = Object.keys(roleValuesFrom(undefined)) as (keyof RoleValues)[]
  const labels = Object.fromEntries(
    names.map((name) => [name, name === 'isActive' ? t('worksHere') : t(`fields.${name}`)]),
  )
  const site = offer.sites.find(({ id }) => stored?.location?.[0]?.reference === `Location/${id}`)
  const heading = stored ? t('worksAt', { site: site?.name ?? t('unknownSite') }) : t('newRole')
  return (
    <Card title={heading}>
      <EditForm
        isInCard
        form={form}
        {...edit}
        labels={labels}
        saveLabel={stored ? t('saveRole') : t('addRole')}
      >
        <RoleFields control={form.control} {...offer} />
        {stored && (
          <FormField control={form.control} name="isActive">
            {({ error: _error, ...field }) => (
              <SwitchField label={t('worksHere')} hint={t('worksHereHint')} {...field} />
            )}
          </FormField>
        )}
      </EditForm>
    </Card>
  )
}
