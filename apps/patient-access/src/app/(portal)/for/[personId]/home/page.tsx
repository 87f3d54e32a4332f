import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { Home } from '#/features/home/home.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('home')
  return { title: t('title') }
}

export default function Page() {
  return <Home />
}
