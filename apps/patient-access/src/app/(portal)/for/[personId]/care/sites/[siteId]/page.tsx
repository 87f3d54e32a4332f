import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { SitePage } from '#/features/find-care/site-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('findCare')
  return { title: t('site') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/care/sites/[siteId]'>) {
  const { siteId } = await params
  return <SitePage siteId={siteId} />
}
