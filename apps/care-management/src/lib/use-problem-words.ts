'use client'
import { RULE_LIMITS } from '@openward/scheduling'
import { useLocale, useTranslations } from 'next-intl'

const KNOWN = [
  'missing',
  'not-a-number',
  'too-small',
  'too-large',
  'unknown-value',
  'unknown-time-zone',
  'not-a-date',
  'not-a-time',
  'end-before-start',
  'age-range',
  'too-long',
  'hours',
  'phone',
  'in-the-past',
] as const
type Known = (typeof KNOWN)[number]

function isKnown(code: string): code is Known {
  return KNOWN.some((known) => known === code)
}

/** What is wrong with a field, in words; the limits of a number come from the booking rules. */
export function useProblemWords(): (name: string, code: string) => string {
  const t = useTranslations('problems')
  const locale = useLocale()
  return (name, code) => {
    const limits = Object.hasOwn(RULE_LIMITS, name)
      ? RULE_LIMITS[name as keyof typeof RULE_LIMITS]
      : undefined
    const number = new Intl.NumberFormat(locale)
    const known = isKnown(code) ? code : 'unknown-value'
    return t(known, { least: number.format(limits?.least ?? 0), most: number.format(limits?.most ?? 0) })
  }
}
