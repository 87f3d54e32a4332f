'use client'
import type { Bundle } from '@medplum/fhirtypes'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { TransactionBuilder } from '@openward/fhir-client'
import { Button } from '@openward/ui/button'
import { Card } from '@openward/ui/card'
import { ErrorSummary } from '@openward/ui/error-summary'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useForm, useFormState } from 'react-hook-form'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { resolverOf } from '#/lib/field-problems.ts'
import { useUnsaved } from '#/lib/unsaved-guard.tsx'
import { useProblemWords } from '#/lib/use-problem-words.ts'
import { PersonFields } from './person-fields.tsx'
import { personValuesFrom, type PersonValues, problemsOfPerson, withPerson } from './person-values.ts'
import { type Offer, RoleFields } from './role-fields.tsx'
import { newRole, problemsOfRole, roleValuesFrom, type RoleValues, withRole } from './role-values.ts'

type NewClinicianValues = PersonValues & RoleValues

/** Person, first site and calendar in one transaction: all of it is there, or nothing. */
export function clinicianTransaction(values: NewClinicianValues, organizationId: string): TransactionBuilder {
  const transaction = new TransactionBuilder()
  const person = transaction.create(withPerson({ resourceType: 'Practitioner' }, values))
  transaction.create(withRole(newRole(person, organizationId, values.title), values))
  transaction.create({ resourceType: 'Schedule', active: true, actor: [{ reference: person }] })
  return transaction
}

/** The id of the Practitioner that a transaction made. */
export function createdPractitioner(answer: Bundle): string | undefined {
  const places = (answer.entry ?? []).map(({ response }) => response?.location ?? '')
  return places.map((place) => /(?:^|\/)Practitioner\/([A-Za-z0-9\-.]{1,64})/.exec(place)?.[1]).find(Boolean)
}

/** A new clinician with their first site. */
export function NewClinician({ organizationId, ...offer }: Offer & { organizationId: string }) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const router = useRouter()
  const t = useTranslations('clinicians')
  const words = useProblemWords()
  const form = useForm<NewClinicianValues>({
    defaultValues: { ...roleValuesFrom(undefined), ...personValuesFrom(undefined) },
    resolver: resolverOf((values) => [...problemsOfPerson(values), ...problemsOfRole(values)]),
  })
  const { errors, submitCount, isDirty } = useFormState({ control: form.control })
  const create = useMutation({
    mutationFn: (values: NewClinicianValues) =>
      fhir.transaction(clinicianTransaction(values, organizationId)),
    onSuccess: async (answer) => {
      await queryClient.invalidateQueries({ queryKey: directoryQueries.all })
      const id = createdPractitioner(answer)
      router.push((id ? `/setup/clinicians/${id}` : '/setup/clinicians') as never)
    },
  })
  useUnsaved(isDirty && !create.isSuccess)
  const submit = form.handleSubmit((values) => create.mutate(values))
  const summary = Object.entries(errors).map(([name, error]) => ({
    name,
    message: `${t(`fields.${name as keyof NewClinicianValues}`)}: ${words(name, String(error?.message))}`,
  }))
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
      <Card title={t('person')}>
        <PersonFields control={form.control} />
      </Card>
      <Card title={t('firstSite')}>
        <RoleFields control={form.control} {...offer} />
      </Card>
      {create.error && <QueryError error={create.error} onRetry={() => void submit()} />}
      <div>
        <Button type="submit" isPending={create.isPending || create.isSuccess}>
          {t('create')}
        </Button>
      </div>
    </form>
  )
}
