import uiEnglish from '@openward/ui/messages/en.json'
import uiSpanish from '@openward/ui/messages/es.json'
import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import english from '../messages/en.json'
import spanish from '../messages/es.json'
import { type Locale, pickLocale } from './language.ts'

type Messages = Record<string, unknown>

const SHARED: Record<Locale, Messages> = {
  en: { ...uiEnglish, ...english },
  es: { ...uiSpanish, ...spanish },
}

/** next-intl's request configuration for a portal: its own words over those of `ui` and `portal`. */
export function createRequestConfig(own: Record<Locale, Messages>) {
  return getRequestConfig(async () => {
    const locale = pickLocale(
      (await cookies()).get('locale')?.value,
      (await headers()).get('accept-language'),
    )
    return { locale, timeZone: 'UTC', messages: { ...SHARED[locale], ...own[locale] } as never }
  })
}
