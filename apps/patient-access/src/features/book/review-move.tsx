'use client'
import { Button } from '@openward/ui/button'
import { Card } from '@openward/ui/card'
import { StepHeading } from '@openward/ui/step-heading'
import { ArrowDown } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { StickyActions } from '#/lib/sticky-actions.tsx'
import { useNames } from '#/lib/use-names.ts'
import type { Visit } from '#/lib/visit.ts'
import { VisitFacts } from '#/lib/visit-facts.tsx'
import { VisitWhen } from '#/lib/visit-when.tsx'

import { useBookHold } from './book-hold.ts'
import { BookingProblem } from './booking-problem.tsx'
import { HoldSummary } from './hold-summary.tsx'

export type ReviewMoveProps = { hold: Visit; original: Visit; onExpire: () => void }

/** The last look before a visit moves: the old time beside the new one. */
export function ReviewMove({ hold, original, onExpire }: ReviewMoveProps) {
  const t = useTranslations('reviewMove')
  const router = useRouter()
  const names = useNames()
  const { person } = usePerson()
  const path = usePersonPath()
  const move = useBookHold(person.patientId, (visitId) =>
    router.replace(path(`/visits/${visitId}/booked?moved=1`)),
  )
  const send = () => move.mutate({ hold, details: {}, original })
  return (
    <>
      <HoldSummary hold={hold} personName={person.name} onExpire={onExpire} />
      <StepHeading step={2} of={2} lead={t('lead')}>
        {t('title')}
      </StepHeading>
      <div className="grid max-w-column gap-3">
        <Card title={t('old')}>
          <div className="text-ink-soft">
            <VisitWhen visit={original} />
            <p>{[names.clinician(original.clinician), original.site?.name].filter(Boolean).join(', ')}</p>
          </div>
        </Card>
        <ArrowDown aria-hidden className="mx-auto size-6 text-ink-soft" />
        <Card title={t('new')} isProminent>
          <VisitFacts
            visit={{ ...hold, seriesId: original.seriesId }}
            personName={person.name}
            details={{
              reason: original.reason,
              contactPhone: original.contactPhone,
              interpreterLanguage: original.interpreterLanguage,
              accessNeeds: original.accessNeeds,
              comment: original.comment,
            }}
          />
        </Card>
        {original.seriesId && <p className="text-ink-soft">{t('series')}</p>}
        <BookingProblem
          error={move.error}
          timeZone={hold.timeZone}
          onRetry={send}
          isRetrying={move.isPending}
          otherTimes={path(`/visits/${original.id}`)}
        />
      </div>
      <StickyActions>
        <Button size="large" isPending={move.isPending || move.isSuccess} onPress={send}>
          {t('move')}
        </Button>
      </StickyActions>
    </>
  )
}
