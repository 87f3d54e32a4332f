'use client'
import { bookingDetailsSchema } from '@openward/scheduling'
import { Button } from '@openward/ui/button'
import { Card } from '@openward/ui/card'
import { Link } from '@openward/ui/link'
import { StepHeading } from '@openward/ui/step-heading'
import NextLink from 'next/link'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { refusalOf } from '#/lib/refusal.ts'
import { StickyActions } from '#/lib/sticky-actions.tsx'
import type { Visit } from '#/lib/visit.ts'
import { VisitFacts } from '#/lib/visit-facts.tsx'

import { useBookHold } from './book-hold.ts'
import { BookingProblem } from './booking-problem.tsx'
import { dropDrafts, readDraft } from './draft.ts'
import { HoldGate } from './hold-gate.tsx'
import { HoldSummary } from './hold-summary.tsx'
import { ReviewMove } from './review-move.tsx'

function Review({ hold, onExpire }: { hold: Visit; onExpire: () => void }) {
  const t = useTranslations('review')
  const router = useRouter()
  const { person, isOther } = usePerson()
  const path = usePersonPath()
  const [details] = useState(() => {
    const parsed = bookingDetailsSchema.safeParse(readDraft(person.patientId, hold.id))
    return parsed.success ? parsed.data : {}
  })
  const book = useBookHold(person.patientId, (visitId) => {
    dropDrafts()
    router.replace(path(`/visits/${visitId}/booked`))
  })
  const isDone = book.isSuccess || refusalOf(book.error)?.reason === 'used-link'
  const pickPath = path(`/book/${hold.serviceId ?? ''}`)
  return (
    <>
      <HoldSummary hold={hold} personName={person.name} onExpire={onExpire} />
      <StepHeading step={3} of={3} lead={t('lead')}>
        {t('title')}
      </StepHeading>
      <div className="grid max-w-column gap-6">
        <Card>
          <VisitFacts
            visit={hold}
            personName={person.name}
            details={details}
            changeDetails={path(`/holds/${hold.id}`)}
            changeTime={pickPath}
          />
        </Card>
        {Object.values(details).every((said) => !said) && (
          <p>
            <Link as={NextLink} href={path(`/holds/${hold.id}`)}>
              {t('changeDetails')}
            </Link>
          </p>
        )}
        <BookingProblem
          error={book.error}
          timeZone={hold.timeZone}
          onRetry={() => book.mutate({ hold, details, original: undefined })}
          isRetrying={book.isPending}
          otherTimes={pickPath}
        />
      </div>
      <StickyActions>
        <Button
          size="large"
          isPending={book.isPending || isDone}
          pendingLabel={t('booking')}
          onPress={() => !isDone && book.mutate({ hold, details, original: undefined })}
        >
          {isOther ? t('bookFor', { name: person.name }) : t('book')}
        </Button>
      </StickyActions>
    </>
  )
}

/** Step 3 of booking: every fact once more, then one button. */
export function ReviewStep({ holdId }: { holdId: string }) {
  return (
    <HoldGate holdId={holdId} step="/review">
      {({ hold, original, onExpire }) =>
        original ? (
          <ReviewMove hold={hold} original={original} onExpire={onExpire} />
        ) : (
          <Review hold={hold} onExpire={onExpire} />
        )
      }
    </HoldGate>
  )
}
