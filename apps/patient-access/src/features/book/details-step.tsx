'use client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { Skeleton } from '@openward/ui/skeleton'
import { StepHeading } from '@openward/ui/step-heading'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useCallback, useState } from 'react'

import { patientQueries } from '#/lib/patient.queries.ts'
import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import type { Visit } from '#/lib/visit.ts'

import { useReleaseHold } from './book-hold.ts'
import { type Draft, dropDrafts, keepDraft, readDraft } from './draft.ts'
import { HoldGate } from './hold-gate.tsx'
import { HoldSummary } from './hold-summary.tsx'
import { ReviewMove } from './review-move.tsx'

function FormPlace() {
  const t = useTranslations('hold')
  return <Skeleton shape="row" count={5} label={t('loading')} />
}

const DetailsForm = dynamic(() => import('./details-form.tsx').then((module) => module.DetailsForm), {
  ssr: false,
  loading: FormPlace,
})

/** What is known already: nobody types their own phone number again. */
function startOf(draft: Draft, hold: Visit, phone: string | undefined): Draft {
  const interpreter = hold.interpreter?.communication
    ?.map(({ coding }) => coding?.[0]?.code)
    .find((code) => code !== undefined && code !== 'en')
  return {
    ...(phone ? { contactPhone: phone } : {}),
    ...(interpreter ? { interpreterLanguage: interpreter } : {}),
    ...draft,
  }
}

function Details({ hold, onExpire }: { hold: Visit; onExpire: () => void }) {
  const t = useTranslations('details')
  const router = useRouter()
  const fhir = useFhirClient()
  const { person } = usePerson()
  const path = usePersonPath()
  const [draft] = useState(() => readDraft(person.patientId, hold.id))
  const patient = useQuery(patientQueries.one(fhir, person.patientId))
  const release = useReleaseHold(person.patientId, () => {
    dropDrafts()
    router.push(path(`/book/${hold.serviceId ?? ''}`))
  })
  const keep = useCallback(
    (values: Draft) => keepDraft(person.patientId, hold.id, values),
    [person.patientId, hold.id],
  )
  const phone = patient.data?.telecom?.find(({ system }) => system === 'phone')?.value
  return (
    <>
      <HoldSummary hold={hold} personName={person.name} onExpire={onExpire} />
      <StepHeading step={2} of={3} lead={t('lead')}>
        {t('title')}
      </StepHeading>
      {patient.isPending ? (
        <FormPlace />
      ) : (
        <DetailsForm
          initial={startOf(draft, hold, phone)}
          onKeep={keep}
          onDone={() => router.push(path(`/holds/${hold.id}/review`))}
        />
      )}
      <div className="-ms-5 mt-4 max-w-column">
        <Button variant="quiet" onPress={() => release.mutate(hold)} isPending={release.isPending}>
          {t('giveUp')}
        </Button>
      </div>
    </>
  )
}

/** Step 2 of booking. A move needs no details: it goes straight to the check. */
export function DetailsStep({ holdId }: { holdId: string }) {
  return (
    <HoldGate holdId={holdId} step="">
      {({ hold, original, onExpire }) =>
        original ? (
          <ReviewMove hold={hold} original={original} onExpire={onExpire} />
        ) : (
          <Details hold={hold} onExpire={onExpire} />
        )
      }
    </HoldGate>
  )
}
