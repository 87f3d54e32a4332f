import { AccountTools } from '@openward/portal/account-tools'
import { currentBranding } from '@openward/portal/current-branding'
import { PreferenceBar } from '@openward/portal/preference-bar'
import { readTheme } from '@openward/portal/preferences'
import { Providers } from '@openward/portal/providers'
import { cookies } from 'next/headers'
import { getLocale, getMessages } from 'next-intl/server'
import type { ReactNode } from 'react'
import { authConfig, BASE_PATH } from '#/lib/env.ts'
import { Frame } from './frame.tsx'

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const { displayName } = await currentBranding()
  const theme = readTheme((await cookies()).get('theme')?.value)
  const preferences = <PreferenceBar basePath={BASE_PATH} theme={theme} />
  return (
    <Providers auth={authConfig()} locale={await getLocale()} messages={await getMessages()} idleMinutes={15}>
      <Frame brand={displayName} tools={<AccountTools />} footer={preferences}>
        {children}
      </Frame>
    </Providers>
  )
}
