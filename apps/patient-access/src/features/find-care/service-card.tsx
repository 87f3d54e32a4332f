'use client'
import type { HealthcareService } from '@medplum/fhirtypes'
import { formatMinutes } from '@openward/ui/format'
import { LinkButton } from '@openward/ui/link-button'
import { Clock, FileText, Languages, MapPin, Video } from 'lucide-react'
import NextLink from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import type { Route } from 'next'

import { usePerson } from '#/lib/person-context.tsx'
import { serviceWords } from '#/lib/translation.ts'

import { type Eligibility, eligibilityOf } from './eligibility.ts'

function Facts({ of }: { of: Eligibility }) {
  const t = useTranslations('findCare')
  const locale = useLocale()
  return (
    <ul className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-soft [&_li]:inline-flex [&_li]:items-center [&_li]:gap-1.5 [&_svg]:size-4">
      {of.durationMinutes !== undefined && (
        <li>
          <Clock aria-hidden />
          {formatMinutes(of.durationMinutes, locale)}
        </li>
      )}
      {of.modes.includes('in-person') && (
        <li>
          <MapPin aria-hidden />
          {t('inPerson')}
        </li>
      )}
      {of.modes.includes('video') && (
        <li>
          <Video aria-hidden />
          {t('video')}
        </li>
      )}
      {of.needsReferral && (
        <li>
          <FileText aria-hidden />
          {t('needsReferral')}
        </li>
      )}
      {of.needsInterpreter && (
        <li>
          <Languages aria-hidden />
          {t('withInterpreter')}
        </li>
      )}
    </ul>
  )
}

export type ServiceCardProps = {
  service: HealthcareService
  /** Where times for it are shown, filters included. */
  href: Route
  level?: 2 | 3
}

/** A service in plain words, and why it cannot be booked where a rule stands in the way. */
export function ServiceCard({ service, href, level = 3 }: ServiceCardProps) {
  const t = useTranslations('findCare')
  const locale = useLocale()
  const { person, isOther } = usePerson()
  const words = serviceWords(service, locale)
  const of = eligibilityOf(service, person.ageYears)
  const Heading = `h${level}` as const
  const range =
    of.least !== undefined && of.most !== undefined ? 'both' : of.least === undefined ? 'most' : 'least'
  return (
    <article className="rounded-lg border border-line bg-surface-raised p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 flex-1 basis-72">
          <Heading className="text-lg">{words.name}</Heading>
          {words.comment && <p className="mt-1 max-w-measure">{words.comment}</p>}
          <Facts of={of} />
        </div>
        {of.isOfAge && (
          <LinkButton
            as={NextLink}
            href={href}
            variant="secondary"
            aria-label={t('seeTimesFor', { service: words.name })}
          >
            {t('seeTimes')}
          </LinkButton>
        )}
      </div>
      {!of.isOfAge && (
        <details className="mt-3">
          <summary className="inline-flex min-h-11 items-center rounded-sm font-semibold text-action">
            {t('whyNot')}
          </summary>
          <p className="max-w-measure">
            {t('ageRule', { range, least: of.least ?? 0, most: of.most ?? 0 })}{' '}
            {isOther
              ? t('ageOther', { name: person.name, age: person.ageYears ?? 0 })
              : t('ageSelf', { age: person.ageYears ?? 0 })}{' '}
            {t('ageNext')}
          </p>
        </details>
      )}
      {of.isOfAge && of.needsReferral && (
        <p className="mt-3 max-w-measure text-sm text-ink-soft">{t('referralHint')}</p>
      )}
    </article>
  )
}
