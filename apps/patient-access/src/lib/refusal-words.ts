'use client'
import { formatDate, formatDateTime } from '@openward/ui/format'
import { useLocale, useTranslations } from 'next-intl'
import { useCallback } from 'react'

import type { Refusal } from './refusal.ts'

export type RefusalWords = { title: string; body: string }

/** Turns a refusal into what happened and the next step; times are told in the site's zone. */
export function useRefusalWords(): (refusal: Refusal, timeZone: string) => RefusalWords {
  const t = useTranslations('refusals')
  const locale = useLocale()
  return useCallback(
    ({ reason, parameters }, timeZone) => {
      const instant = (name: string) => {
        const text = parameters[name]
        return text === undefined ? 'none' : formatDateTime(text, { locale, timeZone, style: 'long' })
      }
      const date = (name: string) => {
        const text = parameters[name]
        return text === undefined ? 'none' : formatDate(text.slice(0, 10), { locale, style: 'long' })
      }
      const least = parameters['minimum-age'] ?? ''
      const most = parameters['maximum-age'] ?? ''
      const values = {
        earliest: instant('earliest'),
        latest: reason === 'too-far-ahead' ? date('latest') : instant('latest'),
        start: date('closure-start'),
        end: date('closure-end'),
        sameDay: parameters['closure-start'] === parameters['closure-end'] ? 'yes' : 'no',
        least,
        most,
        range: least && most ? 'both' : least ? 'least' : most ? 'most' : 'other',
      }
      return { title: t(`${reason}.title`, values), body: t(`${reason}.body`, values) }
    },
    [t, locale],
  )
}
