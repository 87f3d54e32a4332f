'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
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
import {
  clinicianTransaction,
  createdPractitioner,
  type NewClinicianValues,
} from './clinician-transaction.ts'
import { PersonFields } from './person-fields.tsx'
import { personValuesFrom, problemsOfPerson } from './person-values.ts'
import { type Offer, RoleFields } from './role-fields.tsx'
import { problemsOfRole, roleValuesFrom } from './role-values.ts'

/** A new clinician with their first site. */
export function NewClinician({ organizationId, ...offer }: Offer & { organizationId: string }) {
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const router = useRouter()
  const t = useTranslations('clinicians')
  const words = useProblemWords()
  const form = useForm<NewClinicianValues>({
    defaultValues: { ...roleValuesFrom(undefined), ...personValuesFrom(undefined) },
    shouldFocusError: false,
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
