'use client'
import type { Appointment } from '@medplum/fhirtypes'
import { QueryError } from '@openward/portal/query-error'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { dateAt } from '@openward/ui/format'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import { Skeleton } from '@openward/ui/skeleton'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { directoryQueries } from '#/lib/directory.queries.ts'
import type { Opening } from '#/lib/opening.ts'
import { openingQueries } from '#/lib/openings.queries.ts'
import { usePerson, usePersonPath } from '#/lib/person-context.tsx'
import { refusalOf } from '#/lib/refusal.ts'
import { useRefusalWords } from '#/lib/refusal-words.ts'
import { StickyActions } from '#/lib/sticky-actions.tsx'
import { useNames } from '#/lib/use-names.ts'
import { siteZone } from '#/lib/visit.ts'

import { OccurrenceRow } from './occurrence-row.tsx'
import { chosenStarts, type Wish } from './series.ts'
import { bookSeries, seriesQueries } from './series.queries.ts'
import { readSeriesState, type SeriesState } from './series-state.ts'

type CheckProps = { serviceId: string; state: SeriesState; opening: Opening }

function Check({ serviceId, state, opening }: CheckProps) {
  const t = useTranslations('series')
  const router = useRouter()
  const fhir = useFhirClient()
  const queryClient = useQueryClient()
  const words = useRefusalWords()
  const { person, isOther } = usePerson()
  const path = usePersonPath()
  const appointment: Appointment = opening.appointment
  const { timeZone } = opening.visit
  const check = useQuery(seriesQueries.check(fhir, person.patientId, serviceId, appointment, state))
  const [wishes, setWishes] = useState<ReadonlyMap<string, Wish>>(new Map())
  const chosen = check.data ? chosenStarts(check.data, wishes) : []
  // The same choice is the same request, however often it is sent; another choice is another one.
  const choice = chosen.join(' ')
  const [sent, setSent] = useState({ choice: '', key: '' })
  if (sent.choice !== choice) setSent({ choice, key: `series-${crypto.randomUUID()}` })
  const book = useMutation({
    mutationFn: () =>
      bookSeries(fhir, { patientId: person.patientId, opening: appointment, state, chosen, key: sent.key }),
    onSuccess: (visitId) =>
      router.replace(visitId ? path(`/visits/${visitId}/booked?count=${chosen.length}`) : path('/visits')),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['patient', person.patientId] }),
  })
  if (check.isPending) return <Skeleton shape="row" count={state.count} label={t('checking')} />
  const checkRefusal = refusalOf(check.error)
  if (checkRefusal) {
    const { title, body } = words(checkRefusal, timeZone)
    return (
      <Notice tone="attention" title={title}>
        {body}
      </Notice>
    )
  }
  if (check.isError)
    return <QueryError error={check.error} onRetry={check.refetch} isRetrying={check.isFetching} />
  const failing = check.data.filter(({ outcome }) => outcome !== 'free').length
  const refusal = refusalOf(book.error)
  const refused = refusal && words(refusal, timeZone)
  return (
    <div className="max-w-column">
      {failing > 0 && (
        <Notice tone="attention" title={t('someFail', { count: failing })}>
          {t('someFailBody', { count: failing })}
        </Notice>
      )}
      <ul className="my-4 divide-y divide-line border-y border-line">
        {check.data.map((occurrence) => (
          <OccurrenceRow
            key={occurrence.startsAt}
            occurrence={occurrence}
            timeZone={timeZone}
            wish={wishes.get(occurrence.startsAt)}
            onWish={(wish) => setWishes(new Map(wishes).set(occurrence.startsAt, wish))}
          />
        ))}
      </ul>
      {refused && (
        <Notice tone="attention" title={refused.title} isLive>
          <p>{refused.body}</p>
          <p>{t('noneBooked')}</p>
        </Notice>
      )}
      {book.error && !refusal && (
        <QueryError error={book.error} onRetry={() => book.mutate()} isRetrying={book.isPending} />
      )}
      <StickyActions>
        <Button
          size="large"
          isDisabled={chosen.length === 0}
          isPending={book.isPending || book.isSuccess}
          onPress={() => book.mutate()}
        >
          {isOther
            ? t('bookFor', { count: chosen.length, name: person.name })
            : t('book', { count: chosen.length })}
        </Button>
      </StickyActions>
    </div>
  )
}

function FindFirst({ serviceId, state }: { serviceId: string; state: SeriesState }) {
  const t = useTranslations('series')
  const fhir = useFhirClient()
  const names = useNames()
  const { person } = usePerson()
  const path = usePersonPath()
  const directory = useQuery(directoryQueries.all(fhir))
  const zone = siteZone(directory.data?.sites.find(({ id }) => id === state.siteId)) ?? 'UTC'
  const criteria = {
    clinicianIds: [state.clinicianId],
    siteId: state.siteId,
    mode: state.mode,
    part: undefined,
    language: undefined,
    interpreter: state.interpreter,
    movesId: undefined,
  }
  const wanted = { patientId: person.patientId, serviceId, criteria }
  const day = useQuery({
    ...openingQueries.day(fhir, wanted, dateAt(state.startsAt, zone), [zone]),
    enabled: directory.isSuccess,
  })
  if (directory.isError)
    return (
      <QueryError error={directory.error} onRetry={directory.refetch} isRetrying={directory.isFetching} />
    )
  if (day.isError) return <QueryError error={day.error} onRetry={day.refetch} isRetrying={day.isFetching} />
  if (day.isPending) return <Skeleton shape="row" count={state.count} label={t('checking')} />
  const opening = day.data.openings.find(
    ({ visit }) => Date.parse(visit.startsAt) === Date.parse(state.startsAt),
  )
  const clinician = directory.data?.clinicians.find(({ id }) => id === state.clinicianId)
  if (!opening)
    return (
      <Notice
        tone="attention"
        title={t('firstTaken')}
        action={
          <LinkButton as={NextLink} href={path(`/book/${serviceId}`)} variant="secondary">
            {t('pickAgain')}
          </LinkButton>
        }
      />
    )
  return (
    <>
      {clinician && (
        <p className="mb-4">
          {t('with')} <bdi className="font-semibold">{names.clinician(clinician.practitioner)}</bdi>
        </p>
      )}
      <Check serviceId={serviceId} state={state} opening={opening} />
    </>
  )
}

/** Every date of a weekly series, checked before anything is booked; the ones that fail are chosen about. */
export function SeriesCheck({ serviceId }: { serviceId: string }) {
  const t = useTranslations('series')
  const path = usePersonPath()
  const state = readSeriesState(useSearchParams())
  return (
    <>
      <PageHeading lead={t('lead')}>{t('title')}</PageHeading>
      {state ? (
        <FindFirst serviceId={serviceId} state={state} />
      ) : (
        <Notice
          tone="attention"
          title={t('noSeries')}
          action={
            <LinkButton as={NextLink} href={path(`/book/${serviceId}`)} variant="secondary">
              {t('pickAgain')}
            </LinkButton>
          }
        />
      )}
    </>
  )
}
