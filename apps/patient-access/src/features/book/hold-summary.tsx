'use client'
import { Countdown } from '@openward/ui/countdown'
import { formatDateTime } from '@openward/ui/format'
import { useLocale, useTranslations } from 'next-intl'

import { useNames } from '#/lib/use-names.ts'
import type { Visit } from '#/lib/visit.ts'

export type HoldSummaryProps = { hold: Visit; personName: string; onExpire: () => void }

/** What is being booked, for whom, and how long it is kept; stays in sight. */
export function HoldSummary({ hold, personName, onExpire }: HoldSummaryProps) {
  const t = useTranslations('hold')
  const locale = useLocale()
  const names = useNames()
  return (
    <aside
      aria-label={t('summary')}
      className="sticky top-0 z-10 -mx-4 mb-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line bg-surface px-4 py-3 sm:mx-0 sm:rounded-b-lg sm:border-x sm:bg-surface-raised"
    >
      <p className="min-w-0">
        <span className="font-semibold">{names.visitService(hold)}</span>
        <span className="text-ink-soft"> {t('forPerson')} </span>
        <bdi dir="auto" className="font-semibold">
          {personName}
        </bdi>
        <span className="tabular block text-ink-soft">
          {formatDateTime(hold.startsAt, { locale, timeZone: hold.timeZone })}
        </span>
      </p>
      {hold.heldUntil && <Countdown endsAt={hold.heldUntil} label={t('left')} onExpire={onExpire} />}
    </aside>
  )
}
