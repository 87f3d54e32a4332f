'use client'
import type { Appointment, Bundle } from '@medplum/fhirtypes'
import { SYSTEM } from '@openward/fhir-client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { cancelParameters, type Scope } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { Card } from '@openward/ui/card'
import { formatDateTime } from '@openward/ui/format'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { RadioGroupField } from '@openward/ui/radio-group-field'
import { Skeleton } from '@openward/ui/skeleton'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { refusalOf } from '#/lib/refusal.ts'
import { useRefusalWords } from '#/lib/refusal-words.ts'
import { StickyActions } from '#/lib/sticky-actions.tsx'
import { useNames } from '#/lib/use-names.ts'
import { useNow } from '#/lib/use-now.ts'
import { isChangeable, type Visit } from '#/lib/visit.ts'
import { VisitWhen } from '#/lib/visit-when.tsx'
import { visitQueries } from '#/lib/visits.queries.ts'

import { CANCEL_REASONS } from './cancel-reasons.ts'
import { ChangedNotice, useFirstSeen } from './changed-notice.tsx'

const SCOPES: readonly Scope[] = ['this', 'following', 'all']

function CancelForm({ visit, seen }: { visit: Visit; seen: Visit }) {
  const t = useTranslations('cancel')
  const reasons = useTranslations('cancelReason')
  const router = useRouter()
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const words = useRefusalWords()
  const { person } = usePerson()
  const path = usePersonPath()
  const [reason, setReason] = useState('')
  const [scope, setScope] = useState<Scope>('this')
  const [isMissing, setIsMissing] = useState(false)
  const cancel = useMutation({
    mutationFn: () =>
      fhir.operation<Appointment | Bundle>({
        type: 'Appointment',
        id: visit.id,
        name: '$cancel',
        // One key per version and choice: the same press twice is one change.
        idempotencyKey: `cancel-${visit.id}-${visit.versionId}-${scope}-${reason}`,
        parameters: cancelParameters({
          reason: { system: SYSTEM.cancellationReason, code: reason },
          scope,
          version: visit.versionId,
        }),
      }),
    onSuccess: () => router.replace(path(`/visits/${visit.id}`)),
    // What is on screen is left alone while the next screen comes; a failure needs the truth at once.
    onSettled: (_visit, error) =>
      queryClient.invalidateQueries({
        queryKey: ['patient', person.patientId],
        refetchType: error ? 'active' : 'none',
      }),
  })
  const refusal = refusalOf(cancel.error)
  const refused = refusal && words(refusal, visit.timeZone)
  function handlePress() {
    if (reason === '') {
      setIsMissing(true)
      return
    }
    cancel.mutate()
  }
  return (
    <div className="grid max-w-column gap-6">
      <ChangedNotice before={seen} after={visit} />
      <RadioGroupField
        label={t('why')}
        value={reason}
        onChange={(value) => {
          setReason(value)
          setIsMissing(false)
        }}
        {...(isMissing ? { error: t('whyMissing') } : {})}
        options={CANCEL_REASONS.map((code) => ({ value: code, label: reasons(`choice.${code}`) }))}
      />
      {visit.seriesId && (
        <RadioGroupField
          label={t('scope')}
          value={scope}
          onChange={(value) => setScope(SCOPES.find((one) => one === value) ?? 'this')}
          options={SCOPES.map((one) => ({ value: one, label: t(`scopes.${one}`) }))}
        />
      )}
      {refused && (
        <Notice tone="attention" title={refused.title} isLive>
          {refused.body}
        </Notice>
      )}
      {cancel.error && !refusal && (
        <QueryError error={cancel.error} onRetry={() => cancel.mutate()} isRetrying={cancel.isPending} />
      )}
      <p>{t('after')}</p>
      <StickyActions>
        <Button variant="danger" onPress={handlePress} isPending={cancel.isPending || cancel.isSuccess}>
          {t(`confirm.${scope}`)}
        </Button>
        <LinkButton as={NextLink} href={path(`/visits/${visit.id}`)} variant="secondary">
          {t('keep')}
        </LinkButton>
      </StickyActions>
    </div>
  )
}

/** Cancelling one visit: why, how much of a series, and exactly what will happen. */
export function CancelVisit({ visitId }: { visitId: string }) {
  const t = useTranslations('cancel')
  const locale = useLocale()
  const fhir = useFhirClient()
  const names = useNames()
  const { person } = usePerson()
  const path = usePersonPath()
  const now = useNow()
  const visit = useQuery(visitQueries.one(fhir, person.patientId, visitId))
  const seen = useFirstSeen(visit.data)
  return (
    <>
      <PageHeading>{t('title')}</PageHeading>
      {visit.isError ? (
        <QueryError error={visit.error} onRetry={visit.refetch} isRetrying={visit.isFetching} />
      ) : visit.isPending ? (
        <Skeleton shape="card" count={1} label={t('loading')} />
      ) : (
        <>
          <div className="mb-6 max-w-column">
            <Card>
              <p className="font-semibold">{names.visitService(visit.data)}</p>
              <VisitWhen visit={visit.data} />
              <p className="text-ink-soft">
                {t('forPerson')} <bdi dir="auto">{person.name}</bdi>
              </p>
            </Card>
          </div>
          {isChangeable(visit.data, now) ? (
            <CancelForm visit={visit.data} seen={seen ?? visit.data} />
          ) : (
            <Notice
              tone="attention"
              title={t('notPossible', {
                when: formatDateTime(visit.data.startsAt, { locale, timeZone: visit.data.timeZone }),
              })}
              action={
                <LinkButton as={NextLink} href={path(`/visits/${visitId}`)} variant="secondary">
                  {t('see')}
                </LinkButton>
              }
            />
          )}
        </>
      )}
    </>
  )
}
