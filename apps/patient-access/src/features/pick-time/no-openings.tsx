'use client'
import { useFhirClient } from '@openward/portal/use-fhir-client'
import { Button } from '@openward/ui/button'
import { dateAt, formatDateTime } from '@openward/ui/format'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import { PhoneLink } from '@openward/ui/phone-link'
import { useQuery } from '@tanstack/react-query'
import NextLink from 'next/link'
import { useLocale, useTranslations } from 'next-intl'

import { usePersonPath } from '#/lib/person-context.tsx'
import { mayChoicesHelp, type Refusal } from '#/lib/refusal.ts'
import { useRefusalWords } from '#/lib/refusal-words.ts'

import { openingQueries, type Wanted } from '#/lib/openings.queries.ts'
import { narrowing, widened } from '#/lib/criteria.ts'

import type { PickState } from './pick-state.ts'

export type NoOpeningsProps = {
  wanted: Wanted
  refusal: Refusal | undefined
  timeZone: string
  horizonDays: number
  phone: string | undefined
  onChange: (part: Partial<PickState>) => void
}

const NO_OPENINGS: Refusal = { reason: 'no-openings', parameters: {}, correlationId: undefined }

/** Why nothing can be booked, what to do about it, and the nearest times that can be had when the wish is widened. */
export function NoOpenings(props: NoOpeningsProps) {
  const { wanted, refusal } = props
  const t = useTranslations('pickTime.none')
  const locale = useLocale()
  const path = usePersonPath()
  const fhir = useFhirClient()
  const words = useRefusalWords()
  const mayHelp = mayChoicesHelp(refusal) && narrowing(wanted.criteria).length > 0
  const nearest = useQuery({
    ...openingQueries.first(fhir, { ...wanted, criteria: widened(wanted.criteria) }, props.horizonDays, 3),
    enabled: mayHelp,
  })
  const why = refusal ?? NO_OPENINGS
  // With filters on, what is full is the wish, not the clinic.
  const isWish = mayHelp && why.reason === 'no-openings'
  const { title, body } = isWish
    ? { title: t('filteredTitle'), body: t('filteredBody') }
    : words(why, props.timeZone)
  const openings = nearest.data?.openings ?? []
  return (
    <Notice
      tone="attention"
      title={title}
      isLive
      action={
        !mayChoicesHelp(refusal) &&
        why.reason !== 'booking-off' && (
          <LinkButton as={NextLink} href={path('/care')} variant="secondary">
            {t('otherCare')}
          </LinkButton>
        )
      }
    >
      <p>{body}</p>
      {openings.length > 0 && (
        <>
          <p className="mt-3 font-semibold">{t('nearest')}</p>
          <ul className="mt-2 grid gap-2">
            {openings.map(({ id, visit }) => (
              <li key={id}>
                <Button
                  variant="secondary"
                  isWide
                  onPress={() => {
                    const date = dateAt(visit.startsAt, visit.timeZone)
                    props.onChange({
                      ...widened(wanted.criteria),
                      isAnySite: widened(wanted.criteria).siteId === undefined,
                      day: date,
                      month: date.slice(0, 7),
                    })
                  }}
                >
                  {formatDateTime(visit.startsAt, { locale, timeZone: visit.timeZone, style: 'long' })}
                </Button>
              </li>
            ))}
          </ul>
          <p className="mt-2 text-sm text-ink-soft">{t('nearestHint')}</p>
        </>
      )}
      {props.phone && (
        <p className="mt-3">
          {t('call')} <PhoneLink number={props.phone} />
        </p>
      )}
    </Notice>
  )
}
