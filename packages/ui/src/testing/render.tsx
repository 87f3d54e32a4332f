import { render } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import type { ReactElement, ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import english from '../../messages/en.json' with { type: 'json' }
import spanish from '../../messages/es.json' with { type: 'json' }

/** Renders with the words and the locale of a portal. */
export function renderWithWords(element: ReactElement, locale: 'en' | 'es' = 'en') {
  return render(element, {
    wrapper: ({ children }: { children: ReactNode }) => (
      <NextIntlClientProvider locale={locale} messages={locale === 'en' ? english : spanish} timeZone="UTC">
        <I18nProvider locale={locale === 'en' ? 'en-US' : 'es-US'}>{children}</I18nProvider>
      </NextIntlClientProvider>
    ),
  })
}
