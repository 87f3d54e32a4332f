import portal from '@openward/portal/messages/en.json'
import portalSpanish from '@openward/portal/messages/es.json'
import ui from '@openward/ui/messages/en.json'
import uiSpanish from '@openward/ui/messages/es.json'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import { NextIntlClientProvider } from 'next-intl'
import type { ReactNode } from 'react'
import { afterEach } from 'vitest'

import english from '../../../messages/en.json'
import spanish from '../../../messages/es.json'
import { PersonProvider } from '../person-context.tsx'

const MESSAGES = {
  en: { ...ui, ...portal, ...english },
  es: { ...uiSpanish, ...portalSpanish, ...spanish },
}

afterEach(cleanup)

/** Renders as the portal does: words, data, and Emil Brandt's screens, whom his mother looks after. */
export function renderScreen(children: ReactNode, locale: 'en' | 'es' = 'en') {
  const person = {
    patientId: 'emil',
    name: 'Emil Brandt',
    relationship: 'MTH',
    birthDate: '2017-07-05',
    ageYears: 9,
    scope: ['Patient', 'Appointment'],
    until: '2026-12-12',
  }
  return render(
    <NextIntlClientProvider locale={locale} messages={MESSAGES[locale]} timeZone="UTC">
      <QueryClientProvider client={new QueryClient()}>
        <PersonProvider value={{ person, isOther: true, hasOthers: true }}>{children}</PersonProvider>
      </QueryClientProvider>
    </NextIntlClientProvider>,
  )
}
