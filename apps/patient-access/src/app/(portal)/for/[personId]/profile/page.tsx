import { PreferenceBar } from '@openward/portal/preference-bar'
import { readTheme } from '@openward/portal/preferences'
import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { getTranslations } from 'next-intl/server'

import { Profile } from '#/features/profile/profile.tsx'
import { BASE_PATH } from '#/lib/env.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('profile')
  return { title: t('title') }
}

export default async function Page() {
  const theme = readTheme((await cookies()).get('theme')?.value)
  return <Profile preferences={<PreferenceBar basePath={BASE_PATH} theme={theme} />} />
}
