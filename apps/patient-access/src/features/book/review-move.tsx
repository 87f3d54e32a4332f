'use client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import type { Scope } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { Card } from '@openward/ui/card'
import { StepHeading } from '@openward/ui/step-heading'
import { useQuery } from '@tanstack/react-query'
import { ArrowDown } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { refusalsOf } from '#/lib/refusal.ts'
import { StickyActions } from '#/lib/sticky-actions.tsx'
import { useNames } from '#/lib/use-names.ts'
import { useNow } from '#/lib/use-now.ts'
import type { Visit } from '#/lib/visit.ts'
import { VisitFacts } from '#/lib/visit-facts.tsx'
import { VisitWhen } from '#/lib/visit-when.tsx'
import { visitQueries } from '#/lib/visits.queries.ts'

import { useBookHold } from './book-hold.ts'
import { BookingProblem } from './booking-problem.tsx'
import { HoldSummary } from './hold-summary.tsx'
import { MoveScope } from './move-scope.tsx'
import { comingOfSeries, seriesMoves } from './series-moves.ts'

export type ReviewMoveProps = { hold: Visit; original: Visit; onExpire: () => void }

/** The last look before a visit moves: the old time beside the new one. */
export function ReviewMove({ hold, original, onExpire }: ReviewMoveProps) {
  const t = useTranslations('reviewMove')
  const router = useRouter()
  const names = useNames()
  const { person } = usePerson()
  const path = usePersonPath()
  const fhir = useFhirClient()
  const now = useNow()
  const [scope, setScope] = useState<Scope>('this')
  const coming = useQuery({
    ...visitQueries.coming(fhir, person.patientId),
    enabled: original.seriesId !== undefined,
  })
  const series = comingOfSeries(original, coming.data ?? [], now)
  const count = seriesMoves(original, series, scope, hold.startsAt).length
  const move = useBookHold(person.patientId, (visitId, moved) =>
    router.replace(path(`/visits/${visitId}/booked?moved=${moved}`)),
  )
  const send = () => move.mutate({ hold, details: {}, original, scope })
  const refusals = refusalsOf(move.error)
  const isToldByDate = scope !== 'this' && refusals.some(({ parameters }) => parameters['start'])
  return (
    <>
      <HoldSummary hold={hold} personName={person.name} onExpire={onExpire} />
      <StepHeading step={2} of={2} lead={t('lead', { count })}>
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
        {series.length > 1 && (
          <MoveScope
            original={original}
            series={series}
            newStart={hold.startsAt}
            scope={scope}
            onScope={(chosen) => {
              setScope(chosen)
              move.reset()
            }}
            refusals={refusals}
          />
        )}
        <BookingProblem
          error={isToldByDate ? null : move.error}
          timeZone={hold.timeZone}
          onRetry={send}
          isRetrying={move.isPending}
          otherTimes={path(`/visits/${original.id}`)}
        />
      </div>
      <StickyActions>
        <Button
          size="large"
          isDisabled={original.seriesId !== undefined && coming.isPending}
          isPending={move.isPending || move.isSuccess}
          onPress={send}
        >
          {t('move', { count })}
        </Button>
      </StickyActions>
    </>
  )
}
