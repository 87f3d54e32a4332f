'use client'
import { QueryError } from '@openward/portal/query-error'
import { LinkButton } from '@openward/ui/link-button'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import NextLink from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect } from 'react'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import type { Visit } from '#/lib/visit.ts'

import { moveDraft } from './draft.ts'
import { ExpiredHold } from './expired-hold.tsx'
import { openingOfVisit } from '#/lib/opening-of-visit.ts'
import { useHeld } from './use-held.ts'
import { useHoldAgain } from './use-hold-again.ts'

export type HoldGateProps = {
  holdId: string
  /** The step to return to when the time is held again. */
  step: '' | '/review'
  children: (held: { hold: Visit; original: Visit | undefined; onExpire: () => void }) => ReactNode
}

/** Lets a step of booking run only on a hold that still holds; every other state says what it is and creates nothing. */
export function HoldGate({ holdId, step, children }: HoldGateProps) {
  const t = useTranslations('hold')
  const router = useRouter()
  const { person } = usePerson()
  const path = usePersonPath()
  const { hold, original, originalError, state, isWaiting } = useHeld(person.patientId, holdId)
  const again = useHoldAgain(person.patientId, (newHoldId) => {
    moveDraft(person.patientId, holdId, newHoldId)
    router.replace(path(`/holds/${newHoldId}${step}`))
  })
  const isMoved =
    state === 'hold-expired' &&
    original !== undefined &&
    hold.data !== undefined &&
    Date.parse(original.startsAt) === Date.parse(hold.data.startsAt)
  const isBooked = state === 'booked' || state === 'checked-in' || isMoved
  const bookedId = isMoved ? original.id : holdId
  useEffect(() => {
    // A link or a tab that is behind: the visit is booked, so show what is stored.
    if (isBooked) router.replace(path(`/visits/${bookedId}/booked`))
  }, [isBooked, router, path, bookedId])

  const error = hold.error ?? originalError
  if (error)
    return (
      <>
        <PageHeading>{t('lostTitle')}</PageHeading>
        <QueryError
          error={error}
          onRetry={hold.refetch}
          isRetrying={hold.isFetching}
          action={
            <LinkButton as={NextLink} href={path('/care')} variant="secondary">
              {t('startOver')}
            </LinkButton>
          }
        />
      </>
    )
  if (isWaiting || isBooked || !hold.data)
    return (
      <>
        <PageHeading>{t('loadingTitle')}</PageHeading>
        <Skeleton shape="card" count={2} label={t('loading')} />
      </>
    )
  if (state === 'held') return children({ hold: hold.data, original, onExpire: () => void hold.refetch() })
  if (state === 'hold-expired')
    return (
      <ExpiredHold
        hold={hold.data}
        onHoldAgain={() =>
          again.mutate({ opening: openingOfVisit(hold.data), replacesId: hold.data.replacesId })
        }
        isPending={again.isPending}
        error={again.error}
      />
    )
  return (
    <>
      <PageHeading lead={t('usedBody')}>{t('usedTitle')}</PageHeading>
      <LinkButton as={NextLink} href={path('/visits')}>
        {t('seeVisits')}
      </LinkButton>
    </>
  )
}
