'use client'
import { formatDateTime } from '@openward/ui/format'
import { Notice } from '@openward/ui/notice'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'

import { useNow } from '#/lib/use-now.ts'
import { useVisitStateWords } from '#/lib/visit-state-tag.tsx'
import type { Visit } from '#/lib/visit.ts'

/** The visit as it was first shown here, so that a change made elsewhere can be told. */
export function useFirstSeen(visit: Visit | undefined): Visit | undefined {
  const [first, setFirst] = useState(visit)
  // Adjusted while rendering: the first answer is the one to compare with.
  if (visit !== undefined && first?.id !== visit.id) setFirst(visit)
  return first?.id === visit?.id ? first : visit
}

/** Says what changed since the page was opened: by the clinic, in another tab, or by someone else who cares for the person. */
export function ChangedNotice({ before, after }: { before: Visit; after: Visit }) {
  const t = useTranslations('changed')
  const locale = useLocale()
  const stateWords = useVisitStateWords()
  const now = useNow()
  if (before.versionId === after.versionId) return null
  const when = (visit: Visit) =>
    formatDateTime(visit.startsAt, { locale, timeZone: visit.timeZone, style: 'long' })
  const lines = [
    before.startsAt !== after.startsAt ? t('time', { before: when(before), after: when(after) }) : undefined,
    before.status !== after.status ? t('state', { state: stateWords(after, now) }) : undefined,
    before.clinicianId !== after.clinicianId ? t('clinician') : undefined,
    before.siteId !== after.siteId ? t('site') : undefined,
  ].filter((line) => line !== undefined)
  return (
    <Notice tone="attention" title={t('title')} isLive>
      {(lines.length > 0 ? lines : [t('details')]).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Notice>
  )
}
