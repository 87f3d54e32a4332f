import { RedirectBridge } from '@openward/auth/redirect-bridge'
import { getTranslations } from 'next-intl/server'

/** The page at `<basePath>/auth/redirect`, where the identity provider sends people back. */
export async function RedirectPage({ homeHref }: { homeHref: string }) {
  const t = await getTranslations('portal.auth')
  return (
    <main id="main" className="grid min-h-[60svh] place-content-center p-6 text-center text-ink-soft">
      <RedirectBridge
        home={homeHref}
        labels={{ waiting: t('waiting'), failed: t('failedTitle'), continue: t('continue') }}
      />
    </main>
  )
}
