import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { SeriesCheck } from '#/features/series/series-check.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('series')
  return { title: t('title') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/book/[serviceId]/series'>) {
  const { serviceId } = await params
  return <SeriesCheck serviceId={serviceId} />
}
