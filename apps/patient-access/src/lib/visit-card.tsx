'use client'
import { ChevronRight, MapPin, Video } from 'lucide-react'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'

import { usePersonPath } from './person-context.tsx'
import { useNames } from './use-names.ts'
import type { Visit } from './visit.ts'
import { VisitStateTag } from './visit-state-tag.tsx'
import { VisitWhen } from './visit-when.tsx'

/** One visit in a list; the whole card leads to it. */
export function VisitCard({ visit, now, level = 3 }: { visit: Visit; now: number; level?: 2 | 3 }) {
  const t = useTranslations('facts')
  const names = useNames()
  const path = usePersonPath()
  const Heading = `h${level}` as const
  const isVideo = visit.mode === 'video'
  const isHeld = visit.status === 'pending' && visit.heldUntil !== undefined
  return (
    <article className="relative rounded-lg border border-line bg-surface-raised p-5 transition-colors print:break-inside-avoid print:p-3 hover:border-action has-focus-visible:border-action">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <Heading className="text-lg">
            <NextLink
              href={isHeld ? path(`/holds/${visit.id}`) : path(`/visits/${visit.id}`)}
              className="rounded-sm text-ink no-underline after:absolute after:inset-0 after:rounded-lg"
            >
              {names.visitService(visit)}
            </NextLink>
          </Heading>
          <div className="mt-1">
            <VisitWhen visit={visit} />
          </div>
          <p className="mt-1 flex flex-wrap items-center gap-x-2 text-ink-soft [&_svg]:size-4">
            <bdi dir="auto">{names.clinician(visit.clinician)}</bdi>
            <span className="inline-flex items-center gap-1">
              {isVideo ? <Video aria-hidden /> : <MapPin aria-hidden />}
              {isVideo ? t('video') : visit.site?.name}
            </span>
          </p>
          <p className="mt-2">
            <VisitStateTag visit={visit} now={now} />
          </p>
        </div>
        <ChevronRight aria-hidden data-print="no" className="mt-1 size-5 shrink-0 text-ink-soft" />
      </div>
    </article>
  )
}
