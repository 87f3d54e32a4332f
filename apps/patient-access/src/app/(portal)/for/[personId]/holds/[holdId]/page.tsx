import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { DetailsStep } from '#/features/book/details-step.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('details')
  return { title: t('title') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/holds/[holdId]'>) {
  const { holdId } = await params
  return <DetailsStep holdId={holdId} />
}
