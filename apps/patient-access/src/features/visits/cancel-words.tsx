'use client'
import { useTranslations } from 'next-intl'

import type { Visit } from '#/lib/visit.ts'

import { wordsOfReason } from './cancel-reasons.ts'

/** Why a visit was cancelled, in words. */
export function CancelWords({ visit }: { visit: Visit }) {
  const t = useTranslations('cancelReason')
  if (visit.status !== 'cancelled') return null
  const reason = wordsOfReason(visit.cancelReason, visit.cancelledBy)
  return <p className="mt-1">{reason ? t('because', { reason: t(reason) }) : t('none')}</p>
}
