'use client'
import type { BookingDetails } from '@openward/scheduling'
import { addressLines } from '@openward/ui/address'
import { type Definition, DefinitionList } from '@openward/ui/definition-list'
import { Link } from '@openward/ui/link'
import type { Route } from 'next'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import { useNames } from './use-names.ts'
import type { Visit } from './visit.ts'
import { VisitWhen } from './visit-when.tsx'

function Lines({ lines }: { lines: readonly string[] }) {
  return lines.map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ))
}

function Change({ href, what }: { href: Route; what: string }) {
  const t = useTranslations('facts')
  return (
    <Link as={NextLink} href={href} className="font-normal">
      {t('change')}
      <span className="sr-only">: {what}</span>
    </Link>
  )
}

export type VisitFactsProps = {
  visit: Visit
  /** Whom it is for; always the first fact. */
  personName: string
  /** Further facts, or other words for the person's own. */
  details?: BookingDetails | undefined
  /** Where what the person said, and the time, can be changed. */
  changeDetails?: Route
  changeTime?: Route
  /** The time stands above already. */
  hasWhenAbove?: boolean
}

/** Every fact of a visit, whom it is for included. "Not recorded" is never shown for what was simply not said. */
export function VisitFacts({
  visit,
  personName,
  details,
  changeDetails,
  changeTime,
  hasWhenAbove,
}: VisitFactsProps) {
  const t = useTranslations('facts')
  const names = useNames()
  const said = details ?? {
    reason: visit.reason,
    contactPhone: visit.contactPhone,
    interpreterLanguage: visit.interpreterLanguage,
    accessNeeds: visit.accessNeeds,
    comment: visit.comment,
  }
  const change = (what: string) => changeDetails && <Change href={changeDetails} what={what} />
  const place =
    visit.mode === 'video' ? [t('video')] : [visit.site?.name ?? '', ...addressLines(visit.site?.address)]
  const clinician = names.clinician(visit.clinician)
  const withInterpreter = said.interpreterLanguage
    ? t('interpreterIn', { language: names.language(said.interpreterLanguage) })
    : ''
  const items: (Definition | undefined)[] = [
    { term: t('for'), detail: <bdi dir="auto">{personName}</bdi> },
    { term: t('what'), detail: names.visitService(visit) },
    hasWhenAbove
      ? undefined
      : {
          term: t('when'),
          detail: <VisitWhen visit={visit} />,
          action: changeTime && <Change href={changeTime} what={t('when')} />,
        },
    clinician ? { term: t('who'), detail: <bdi dir="auto">{clinician}</bdi> } : undefined,
    { term: visit.mode === 'video' ? t('how') : t('where'), detail: <Lines lines={place.filter(Boolean)} /> },
    visit.mode === 'video' && visit.site?.name ? { term: t('clinic'), detail: visit.site.name } : undefined,
    visit.room?.name ? { term: t('room'), detail: visit.room.name } : undefined,
    withInterpreter
      ? {
          term: t('interpreter'),
          detail: visit.interpreter
            ? `${withInterpreter} (${names.clinician(visit.interpreter)})`
            : withInterpreter,
        }
      : visit.interpreter
        ? { term: t('interpreter'), detail: names.clinician(visit.interpreter) }
        : undefined,
    said.reason ? { term: t('reason'), detail: said.reason, action: change(t('reason')) } : undefined,
    said.contactPhone
      ? { term: t('phone'), detail: said.contactPhone, action: change(t('phone')) }
      : undefined,
    said.accessNeeds
      ? { term: t('access'), detail: said.accessNeeds, action: change(t('access')) }
      : undefined,
    said.comment
      ? {
          term: t('comment'),
          detail: <span className="whitespace-pre-line">{said.comment}</span>,
          action: change(t('comment')),
        }
      : undefined,
  ]
  return <DefinitionList items={items.filter((item) => item !== undefined)} />
}
