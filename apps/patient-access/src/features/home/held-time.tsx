'use client'
import { Countdown } from '@openward/ui/countdown'
import { LinkButton } from '@openward/ui/link-button'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import { usePersonPath } from '#/lib/person-context.tsx'
import { useNames } from '#/lib/use-names.ts'
import type { Visit } from '#/lib/visit.ts'
import { VisitWhen } from '#/lib/visit-when.tsx'

/** A time that is still held and not yet booked: found again in the record after a reload or on another device. */
export function HeldTime({ hold, onExpire }: { hold: Visit; onExpire: () => void }) {
  const t = useTranslations('home.held')
  const names = useNames()
  const path = usePersonPath()
  return (
    <section
      aria-labelledby="held"
      className="rounded-lg border border-s-8 border-attention-mark bg-attention-soft p-5"
    >
      <h2 id="held" className="text-lg">
        {t('title')}
      </h2>
      <p className="mt-2 font-semibold">{names.visitService(hold)}</p>
      <VisitWhen visit={hold} />
      <div className="mt-4 flex flex-wrap items-center gap-x-6 gap-y-3">
        <LinkButton as={NextLink} href={path(`/holds/${hold.id}`)}>
          {t('finish')}
        </LinkButton>
        {hold.heldUntil && <Countdown endsAt={hold.heldUntil} label={t('left')} onExpire={onExpire} />}
      </div>
    </section>
  )
}
