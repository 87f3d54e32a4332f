'use client'
import { Button } from '@openward/ui/button'
import { formatDateTime } from '@openward/ui/format'
import { LinkButton } from '@openward/ui/link-button'
import { Notice } from '@openward/ui/notice'
import { PageHeading } from '@openward/ui/page-heading'
import NextLink from 'next/link'
import { useLocale, useTranslations } from 'next-intl'

import { usePersonPath } from '#/lib/person-context.tsx'
import { refusalOf } from '#/lib/refusal.ts'
import { useRefusalWords } from '#/lib/refusal-words.ts'
import type { Visit } from '#/lib/visit.ts'

export type ExpiredHoldProps = {
  hold: Visit
  onHoldAgain: () => void
  isPending: boolean
  error: unknown
}

/** The time was let go: offers to hold it again while it is free, or to look at others. What was typed is kept. */
export function ExpiredHold({ hold, onHoldAgain, isPending, error }: ExpiredHoldProps) {
  const t = useTranslations('hold.expired')
  const locale = useLocale()
  const path = usePersonPath()
  const words = useRefusalWords()
  const refusal = refusalOf(error)
  const date = hold.startsAt.slice(0, 10)
  const moves = hold.replacesId ? `&moves=${hold.replacesId}` : ''
  const otherTimes = `${path(`/book/${hold.serviceId ?? ''}`)}?day=${date}&month=${date.slice(0, 7)}${moves}`
  const failed = refusal
    ? words(refusal, hold.timeZone)
    : error
      ? { title: t('failedTitle'), body: t('failedBody') }
      : undefined
  return (
    <>
      <PageHeading focusKey="expired" lead={t('body')}>
        {t('title', { when: formatDateTime(hold.startsAt, { locale, timeZone: hold.timeZone }) })}
      </PageHeading>
      {failed && (
        <div className="mb-6">
          <Notice tone="attention" title={failed.title} isLive>
            {failed.body}
          </Notice>
        </div>
      )}
      <div className="flex flex-wrap gap-3">
        {refusal?.reason !== 'taken' && (
          <Button onPress={onHoldAgain} isPending={isPending}>
            {t('again')}
          </Button>
        )}
        <LinkButton
          as={NextLink}
          href={otherTimes as ReturnType<typeof path>}
          variant={refusal?.reason === 'taken' ? 'primary' : 'secondary'}
        >
          {t('others')}
        </LinkButton>
      </div>
      <p className="mt-4 text-ink-soft">{t('kept')}</p>
    </>
  )
}
