'use client'
import type { HealthcareService, Practitioner } from '@medplum/fhirtypes'
import { formatPersonName } from '@openward/ui/person-name'
import { useLocale } from 'next-intl'
import { useMemo } from 'react'

import { serviceWords } from './translation.ts'
import type { Visit } from './visit.ts'

/** Names as they are said in the reader's language. */
export function useNames() {
  const locale = useLocale()
  return useMemo(() => {
    const clinician = (practitioner: Practitioner | undefined) =>
      practitioner ? formatPersonName(practitioner.name, { locale, withPrefix: true }) : ''
    const service = (of: HealthcareService | undefined) => (of ? serviceWords(of, locale).name : '')
    const ofLanguage = (code: string) => {
      const words = new Intl.DisplayNames([locale], { type: 'language' }).of(code) ?? code
      return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1)
    }
    return {
      clinician,
      service,
      /** A language tag in words: "Spanish", "Español". */
      language: ofLanguage,
      /** The same inside a sentence: "español". */
      spoken: (code: string) => new Intl.DisplayNames([locale], { type: 'language' }).of(code) ?? code,
      visitService: (visit: Visit) => service(visit.service) || (visit.serviceText ?? ''),
    }
  }, [locale])
}
