import { AccountTools } from '@openward/portal/account-tools'
import { currentBranding } from '@openward/portal/current-branding'
import { PreferenceBar } from '@openward/portal/preference-bar'
import { readTheme } from '@openward/portal/preferences'
import { Providers } from '@openward/portal/providers'
import { PhoneLink } from '@openward/ui/phone-link'
import { cookies } from 'next/headers'
import { getLocale, getMessages, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { authConfig, BASE_PATH } from '#/lib/env.ts'
import { Frame } from './frame.tsx'

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const { landing: _onTheServerOnly, ...messages } = await getMessages()
  const t = await getTranslations('footer')
  const { displayName, phone } = await currentBranding()
  const theme = readTheme((await cookies()).get('theme')?.value)
  return (
    <Providers auth={authConfig()} locale={await getLocale()} messages={messages} idleMinutes={20}>
      <Frame
        brand={displayName}
        tools={<AccountTools />}
        help={
          <p>
            {phone && (
              <>
                {t('help')} <PhoneLink number={phone} />
                {' · '}
              </>
            )}
            {t('emergency')}
          </p>
        }
        preferences={<PreferenceBar basePath={BASE_PATH} theme={theme} />}
      >
        {children}
      </Frame>
    </Providers>
  )
}
