'use client'
import { addressLines } from '@openward/ui/address'
import { LinkButton } from '@openward/ui/link-button'
import { MapPin, UserRound, Video } from 'lucide-react'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import { usePersonPath } from '#/lib/person-context.tsx'
import { useNames } from '#/lib/use-names.ts'
import type { Visit } from '#/lib/visit.ts'
import { VisitStateTag } from '#/lib/visit-state-tag.tsx'
import { VisitWhen } from '#/lib/visit-when.tsx'

/** The next visit, large: when, with whom, where. */
export function NextVisit({ visit, now }: { visit: Visit; now: number }) {
  const t = useTranslations('home')
  const facts = useTranslations('facts')
  const names = useNames()
  const path = usePersonPath()
  const isVideo = visit.mode === 'video'
  const clinician = names.clinician(visit.clinician)
  const place = [visit.site?.name, ...addressLines(visit.site?.address)].filter(Boolean).join(', ')
  return (
    <section
      aria-labelledby="next-visit"
      className="rounded-lg border border-line-strong bg-surface-raised p-5 sm:p-6"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="next-visit" className="text-base font-normal tracking-normal text-ink-soft">
          {t('next')}
        </h2>
        <VisitStateTag visit={visit} now={now} />
      </div>
      <div className="mt-3">
        <VisitWhen visit={visit} isLarge />
      </div>
      <p className="mt-4 text-lg font-semibold">{names.visitService(visit)}</p>
      <ul className="mt-2 grid gap-1 [&_li]:flex [&_li]:gap-2 [&_svg]:mt-1 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-soft">
        {clinician && (
          <li>
            <UserRound aria-hidden />
            <bdi dir="auto">{clinician}</bdi>
          </li>
        )}
        <li>
          {isVideo ? <Video aria-hidden /> : <MapPin aria-hidden />}
          <span>{isVideo ? facts('video') : place}</span>
        </li>
      </ul>
      <div className="mt-5 flex flex-wrap gap-3">
        <LinkButton as={NextLink} href={path(`/visits/${visit.id}`)} variant="secondary">
          {t('details')}
        </LinkButton>
      </div>
    </section>
  )
}
