import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { MyVisits } from '#/features/visits/my-visits.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('visits')
  return { title: t('title') }
}

export default function Page() {
  return <MyVisits />
}
