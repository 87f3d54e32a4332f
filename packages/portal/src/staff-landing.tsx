import { BrandMark } from '@openward/ui/brand-mark'
import { LinkButton } from '@openward/ui/link-button'
import { PhoneLink } from '@openward/ui/phone-link'
import { cookies } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { currentBranding } from './current-branding.ts'
import { PreferenceBar } from './preference-bar.tsx'
import { readTheme } from './preferences.ts'

export type StaffLandingProps = {
  basePath: string
  /** The first signed-in screen, with the base path. */
  homeHref: string
}

/** The door of a staff portal: its name, what it is for, and sign-in. Loads no sign-in code. Words: `app` and `portal`. */
export async function StaffLanding({ basePath, homeHref }: StaffLandingProps) {
  const app = await getTranslations('app')
  const t = await getTranslations('portal')
  const { displayName, phone } = await currentBranding()
  const theme = readTheme((await cookies()).get('theme')?.value)
  return (
    <main id="main" className="mx-auto flex min-h-svh max-w-dialog flex-col justify-center px-5 py-10">
      <p className="flex items-center gap-2.5 font-semibold">
        <BrandMark />
        {displayName}
      </p>
      <h1 className="mt-8 text-3xl">{app('title')}</h1>
      <p className="mt-3 text-lg text-ink-soft">{app('description')}</p>
      <div className="mt-8">
        <LinkButton href={homeHref} size="large">
          {t('account.signIn')}
        </LinkButton>
      </div>
      {phone && (
        <p className="mt-6 text-ink-soft">
          {t('staffHelp')} <PhoneLink number={phone} />
        </p>
      )}
      <div className="mt-12 border-t border-line pt-3">
        <PreferenceBar basePath={basePath} theme={theme} />
      </div>
    </main>
  )
}
