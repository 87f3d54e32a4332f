'use client'
import type { Practitioner } from '@medplum/fhirtypes'
import type { Versioned } from '@openward/fhir-client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Card } from '@openward/ui/card'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { EditForm } from '#/lib/edit-form.tsx'
import { useEditForm } from '#/lib/use-edit-form.ts'
import { PersonFields } from './person-fields.tsx'
import {
  personValuesFrom,
  type PersonValues,
  problemsOfPerson,
  recordedLanguages,
  withPerson,
} from './person-values.ts'

/** A clinician as a person. */
export function PersonCard({ stored }: { stored: Versioned<Practitioner> }) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const t = useTranslations('clinicians')
  const { form, ...edit } = useEditForm<Practitioner, PersonValues>({
    stored,
    toValues: personValuesFrom,
    check: problemsOfPerson,
    send: (values, base) => fhir.update(withPerson(base ?? stored, values)),
    reload: (base) => fhir.read('Practitioner', base.id),
    onSaved: () => void queryClient.invalidateQueries({ queryKey: directoryQueries.all }),
  })
  const names = Object.keys(personValuesFrom(undefined)) as (keyof PersonValues)[]
  const labels = Object.fromEntries(names.map((name) => [name, t(`fields.${name}`)]))
  return (
    <Card title={t('person')}>
      <EditForm isInCard form={form} {...edit} labels={labels} saveLabel={t('savePerson')}>
        <PersonFields control={form.control} recorded={recordedLanguages(stored)} />
      </EditForm>
    </Card>
  )
}
