'use client'
import type { Patient } from '@medplum/fhirtypes'
import { FhirError, type Versioned } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { patientQueries } from '#/lib/patient.queries.ts'
import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { useNames } from '#/lib/use-names.ts'

import { type Conflict, formOf, mergeForms, withForm } from './profile.ts'
import type { ProfileForm as Values } from './profile.schema.ts'

function FormPlace() {
  const t = useTranslations('profile')
  return <Skeleton shape="row" count={6} label={t('loading')} />
}

const ProfileForm = dynamic(() => import('./profile-form.tsx').then((module) => module.ProfileForm), {
  ssr: false,
  loading: FormPlace,
})

function ConflictNotice({ conflicts }: { conflicts: readonly Conflict[] }) {
  const t = useTranslations('profile')
  const names = useNames()
  const said = ({ field, theirs }: Conflict) =>
    theirs === '' ? t('nowEmpty') : field === 'language' ? names.language(theirs) : theirs
  return (
    <Notice tone="attention" title={t('conflictTitle')} isLive>
      <p>{conflicts.length > 0 ? t('conflictBody') : t('conflictElse')}</p>
      <ul className="mt-2 list-disc ps-5">
        {conflicts.map((conflict) => (
          <li key={conflict.field}>
            {t('conflictLine', { field: t(`fields.${conflict.field}`), value: said(conflict) })}{' '}
            {conflict.mine !== undefined && t('conflictMine')}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

type Base = { patient: Versioned<Patient>; initial: Values; conflicts: Conflict[] | undefined }

function Edit({ stored }: { stored: Versioned<Patient> }) {
  const router = useRouter()
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const { person } = usePerson()
  const path = usePersonPath()
  // What the form was opened on: every save names this version, so a change made meanwhile is never overwritten unseen.
  const [base, setBase] = useState<Base>({ patient: stored, initial: formOf(stored), conflicts: undefined })
  const save = useMutation({
    mutationFn: (values: Values) => fhir.update(withForm(base.patient, values)),
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['patient', person.patientId] }),
        queryClient.invalidateQueries({ queryKey: ['me'] }),
      ])
      router.replace(`${path('/profile')}?saved=1` as Route)
    },
    onError: async (error, values) => {
      if (
        !(error instanceof FhirError) ||
        (error.code !== 'precondition-failed' && error.code !== 'conflict')
      )
        return
      const now = await fhir.read('Patient', person.patientId)
      const { merged, conflicts } = mergeForms(formOf(base.patient), values, formOf(now))
      setBase({ patient: now, initial: merged, conflicts })
    },
  })
  const isConflict = base.conflicts !== undefined
  return (
    <div className="grid gap-6">
      {base.conflicts && <ConflictNotice conflicts={base.conflicts} />}
      {save.error && !isConflict && (
        <QueryError
          error={save.error}
          onRetry={() => save.variables && save.mutate(save.variables)}
          isRetrying={save.isPending}
        />
      )}
      <ProfileForm
        key={base.patient.meta.versionId}
        initial={base.initial}
        isPending={save.isPending || save.isSuccess}
        onSave={(values) => save.mutate(values)}
      />
    </div>
  )
}

/** Changing what the clinic has on record to reach and address a person. */
export function EditProfile() {
  const t = useTranslations('profile')
  const fhir = useFhirClient()
  const { person, isOther } = usePerson()
  const patient = useQuery(patientQueries.one(fhir, person.patientId))
  return (
    <div className="max-w-column">
      <PageHeading>{isOther ? t('editTitleOf', { name: person.name }) : t('editTitle')}</PageHeading>
      {patient.isError ? (
        <QueryError error={patient.error} onRetry={patient.refetch} isRetrying={patient.isFetching} />
      ) : patient.data ? (
        <Edit stored={patient.data} />
      ) : (
        <FormPlace />
      )}
    </div>
  )
}
