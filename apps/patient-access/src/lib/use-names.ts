'use client'
import type { HealthcareService, Practitioner } from '@medplum/fhirtypes'
import { formatPersonName } from '@openward/ui/person-name'
import { useLocale } from 'next-intl'
import { useMemo } from 'react'

import { serviceWords } from './translation.ts'
import type { Visit } from './visit.ts'

/** Languages of our clinicians that not every browser has words for. */
const MORE_LANGUAGES: Readonly<Record<string, { en: string; es: string }>> = {
  nv: { en: 'Navajo', es: 'navajo' },
}

function languageWords(code: string, locale: string): string {
  const words = new Intl.DisplayNames([locale], { type: 'language' }).of(code) ?? code
  return words === code ? (MORE_LANGUAGES[code]?.[locale === 'es' ? 'es' : 'en'] ?? code) : words
}

/** Names as they are said in the reader's language. */
export function useNames() {
  const locale = useLocale()
  return useMemo(() => {
    const clinician = (practitioner: Practitioner | undefined) =>
      practitioner ? formatPersonName(practitioner.name, { locale, withPrefix: true }) : ''
    const service = (of: HealthcareService | undefined) => (of ? serviceWords(of, locale).name : '')
    const ofLanguage = (code: string) => {
      const words = languageWords(code, locale)
      return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1)
    }
    return {
      clinician,
      service,
      /** A language tag in words: "Spanish", "Español". */
      language: ofLanguage,
      /** The same inside a sentence: "español". */
      spoken: (code: string) => languageWords(code, locale),
      visitService: (visit: Visit) => service(visit.service) || (visit.serviceText ?? ''),
    }
  }, [locale])
}
