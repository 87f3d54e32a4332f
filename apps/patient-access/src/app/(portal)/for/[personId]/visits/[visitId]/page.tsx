import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { VisitDetail } from '#/features/visits/visit-detail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('visit')
  return { title: t('title') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/visits/[visitId]'>) {
  const { visitId } = await params
  return <VisitDetail visitId={visitId} />
}
