import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { Start } from '#/features/people/start.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('findCare')
  return { title: t('title') }
}

export default function Page() {
  return <Start to="/care" />
}
