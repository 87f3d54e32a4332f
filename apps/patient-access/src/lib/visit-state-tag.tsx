'use client'
import { formatTime } from '@openward/ui/format'
import { StatusTag, type StatusTone } from '@openward/ui/status-tag'
import { useLocale, useTranslations } from 'next-intl'

import { usePerson } from './person-context.tsx'
import { type Visit, type VisitState, visitState } from './visit.ts'

const TONES: Record<VisitState, StatusTone> = {
  held: 'pending',
  'hold-expired': 'stopped',
  requested: 'pending',
  booked: 'done',
  'checked-in': 'done',
  over: 'neutral',
  'took-place': 'done',
  missed: 'neutral',
  cancelled: 'stopped',
}

/** The stored state of a visit in a few words: "Booked", "Held until 2:30 pm", "Cancelled by the clinic". */
export function useVisitStateWords(): (visit: Visit, now: number) => string {
  const t = useTranslations('visitState')
  const locale = useLocale()
  const { person, isOther } = usePerson()
  return (visit, now) => {
    const state = visitState(visit, now)
    const by = visit.cancelledBy ?? 'unknown'
    if (state === 'cancelled')
      return isOther ? t(`cancelledOther.${by}`, { name: person.name }) : t(`cancelled.${by}`)
    if (state !== 'held') return t(state)
    return t('held', { time: formatTime(visit.heldUntil ?? '', { locale, timeZone: visit.timeZone }) })
  }
}

export function VisitStateTag({ visit, now }: { visit: Visit; now: number }) {
  const words = useVisitStateWords()
  return <StatusTag tone={TONES[visitState(visit, now)]}>{words(visit, now)}</StatusTag>
}
