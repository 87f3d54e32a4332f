'use client'
import { QueryClientProvider } from '@tanstack/react-query'
import { NextIntlClientProvider } from 'next-intl'
import { type ComponentProps, type ReactNode, useState } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { createQueryClient } from './query-client.ts'

export type ProvidersProps = {
  locale: string
  messages: NonNullable<ComponentProps<typeof NextIntlClientProvider>['messages']>
  children: ReactNode
}

/** What every signed-in screen needs around it: words, data and routing. */
export function Providers({ locale, messages, children }: ProvidersProps) {
  const [queryClient] = useState(createQueryClient)
  return (
    <NextIntlClientProvider locale={locale} messages={messages} timeZone="UTC">
      <I18nProvider locale={locale === 'es' ? 'es-US' : 'en-US'}>
        <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
      </I18nProvider>
    </NextIntlClientProvider>
  )
}
