'use client'
import type { AuthConfig } from '@openward/auth/config'
import { QueryClientProvider } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { NextIntlClientProvider } from 'next-intl'
import { type ComponentProps, type ReactNode, useState } from 'react'
import { RouterProvider } from 'react-aria-components'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { IdleGuard } from './idle-guard.tsx'
import { createQueryClient } from './query-client.ts'
import { SignedIn } from './signed-in.tsx'

export type ProvidersProps = {
  auth: AuthConfig
  locale: string
  /** Only the namespaces that signed-in screens use. */
  messages: NonNullable<ComponentProps<typeof NextIntlClientProvider>['messages']>
  /** Minutes without activity until sign-out: patients 20, staff 15. */
  idleMinutes: number
  children: ReactNode
}

/** What every signed-in screen needs around it: words, routing, data and a person who is signed in. */
export function Providers({ auth, locale, messages, idleMinutes, children }: ProvidersProps) {
  const [queryClient] = useState(createQueryClient)
  const router = useRouter()
  return (
    <NextIntlClientProvider locale={locale} messages={messages} timeZone="UTC">
      <I18nProvider locale={locale === 'es' ? 'es-US' : 'en-US'}>
        <RouterProvider
          navigate={(path) => router.push(path as never)}
          useHref={(path) => `${auth.basePath}${path}`}
        >
          <QueryClientProvider client={queryClient}>
            <SignedIn config={auth}>
              {children}
              <IdleGuard idleMinutes={idleMinutes} />
            </SignedIn>
          </QueryClientProvider>
        </RouterProvider>
      </I18nProvider>
    </NextIntlClientProvider>
  )
}
