import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { FindCare } from '#/features/find-care/find-care.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('findCare')
  return { title: t('title') }
}

export default function Page() {
  return <FindCare />
}
