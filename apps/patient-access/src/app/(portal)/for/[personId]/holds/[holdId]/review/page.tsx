import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { ReviewStep } from '#/features/book/review-step.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('review')
  return { title: t('title') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/holds/[holdId]/review'>) {
  const { holdId } = await params
  return <ReviewStep holdId={holdId} />
}
