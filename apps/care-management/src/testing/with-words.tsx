import uiEnglish from '@openward/ui/messages/en.json'
import uiSpanish from '@openward/ui/messages/es.json'
import { NextIntlClientProvider } from 'next-intl'
import type { ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import english from '../../messages/en.json'
import spanish from '../../messages/es.json'

const MESSAGES = { en: { ...uiEnglish, ...english }, es: { ...uiSpanish, ...spanish } }

/** What screens have around them: the words and the language of the portal. */
export function withWords(locale: 'en' | 'es') {
  return function WithWords({ children }: { children: ReactNode }) {
    return (
      <NextIntlClientProvider locale={locale} messages={MESSAGES[locale]} timeZone="UTC">
        <I18nProvider locale={locale === 'en' ? 'en-US' : 'es-US'}>{children}</I18nProvider>
      </NextIntlClientProvider>
    )
  }
}
