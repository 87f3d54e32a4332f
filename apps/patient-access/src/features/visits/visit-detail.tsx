'use client'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { serviceRulesFrom } from '@openward/scheduling'
import { Card } from '@openward/ui/card'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { PhoneLink } from '@openward/ui/phone-link'
import { Skeleton } from '@openward/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import { AddToCalendar } from '#/lib/add-to-calendar.tsx'
import { directoryQueries } from '#/lib/directory.queries.ts'
import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { PrintButton } from '#/lib/print-button.tsx'
import { useNames } from '#/lib/use-names.ts'
import { useNow } from '#/lib/use-now.ts'
import { isChangeable, type Visit, visitState } from '#/lib/visit.ts'
import { VisitFacts } from '#/lib/visit-facts.tsx'
import { VisitStateTag } from '#/lib/visit-state-tag.tsx'
import { VisitWhen } from '#/lib/visit-when.tsx'
import { visitQueries } from '#/lib/visits.queries.ts'

import { CancelWords } from './cancel-words.tsx'
import { ChangedNotice, useFirstSeen } from './changed-notice.tsx'

/** Whether the notice the clinic asks for is still kept. */
function isInTime(visit: Visit, now: number): boolean {
  const rules = visit.service && serviceRulesFrom(visit.service)
  const noticeMinutes = rules?.ok ? rules.value.cancelNoticeMinutes : 0
  return Date.parse(visit.startsAt) - noticeMinutes * 60_000 >= now
}

function Actions({ visit, phone }: { visit: Visit; phone: string | undefined }) {
  const t = useTranslations('visit')
  const path = usePersonPath()
  const now = useNow()
  const mayChange = isChangeable(visit, now)
  const inTime = isInTime(visit, now)
  return (
    <div data-print="no" className="grid gap-4">
      {mayChange && !inTime && (
        <Notice title={t('tooLate')}>
          <p>
            {t('tooLateBody')} {phone && <PhoneLink number={phone} />}
          </p>
        </Notice>
      )}
      <div className="flex flex-wrap gap-3">
        {mayChange && inTime && visit.serviceId && (
          <LinkButton
            as={NextLink}
            href={`${path(`/book/${visit.serviceId}`)}?moves=${visit.id}` as ReturnType<typeof path>}
          >
            {t('move')}
          </LinkButton>
        )}
        {mayChange && inTime && (
          <LinkButton as={NextLink} href={path(`/visits/${visit.id}/cancel`)} variant="secondary">
            {t('cancel')}
          </LinkButton>
        )}
        {(mayChange || visit.status === 'cancelled') && (
          <AddToCalendar visitId={visit.id} isCancelled={visit.status === 'cancelled'} />
        )}
        <PrintButton />
      </div>
    </div>
  )
}

/** One visit: its state as stored, every fact, and what can be done about it. */
export function VisitDetail({ visitId }: { visitId: string }) {
  const t = useTranslations('visit')
  const fhir = useFhirClient()
  const names = useNames()
  const { person } = usePerson()
  const path = usePersonPath()
  const now = useNow()
  const visit = useQuery(visitQueries.one(fhir, person.patientId, visitId))
  const directory = useQuery(directoryQueries.all(fhir))
  // what was remembered from another screen is no news: one's own change would look like somebody else's
  const firstSeen = useFirstSeen(visit.isFetchedAfterMount ? visit.data : undefined)
  if (visit.isError)
    return (
      <>
        <PageHeading>{t('title')}</PageHeading>
        <QueryError
          error={visit.error}
          onRetry={visit.refetch}
          isRetrying={visit.isFetching}
          action={
            <LinkButton as={NextLink} href={path('/visits')} variant="secondary">
              {t('all')}
            </LinkButton>
          }
        />
      </>
    )
  if (visit.isPending)
    return (
      <>
        <PageHeading>{t('title')}</PageHeading>
        <Skeleton shape="card" count={2} label={t('loading')} />
      </>
    )
  const isHeld = visitState(visit.data, now) === 'held'
  return (
    <>
      <PageHeading>{names.visitService(visit.data) || t('title')}</PageHeading>
      <div className="grid max-w-column gap-6">
        {firstSeen && <ChangedNotice before={firstSeen} after={visit.data} />}
        <Card isProminent>
          <div className="mb-4 border-b border-line pb-4">
            <VisitStateTag visit={visit.data} now={now} />
            <CancelWords visit={visit.data} />
            <div className="mt-2">
              <VisitWhen visit={visit.data} isLarge />
            </div>
          </div>
          <VisitFacts visit={visit.data} personName={person.name} hasWhenAbove />
          {visit.data.seriesId && <p className="mt-4 text-ink-soft">{t('inSeries')}</p>}
        </Card>
        {isHeld ? (
          <LinkButton as={NextLink} href={path(`/holds/${visitId}`)}>
            {t('goOn')}
          </LinkButton>
        ) : (
          <Actions visit={visit.data} phone={directory.data?.clinic.phone} />
        )}
      </div>
    </>
  )
}
