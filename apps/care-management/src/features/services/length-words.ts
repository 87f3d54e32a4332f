'use client'
import { formatMinutes } from '@openward/ui/format'
import { useLocale } from 'next-intl'

const DAY_MINUTES = 1440

/** A length as people say it: "30 minutes", "2 days". */
function lengthWords(minutes: number, locale: string): string {
  if (minutes < DAY_MINUTES || minutes % DAY_MINUTES !== 0) return formatMinutes(minutes, locale)
  const days = minutes / DAY_MINUTES
  if (days === 1) return formatMinutes(minutes, locale)
  return new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days)
}

export function useLengthWords(): (minutes: number) => string {
  const locale = useLocale()
  return (minutes) => lengthWords(minutes, locale)
}
