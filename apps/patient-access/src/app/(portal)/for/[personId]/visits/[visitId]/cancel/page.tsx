import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { CancelVisit } from '#/features/visits/cancel-visit.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('cancel')
  return { title: t('title') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/visits/[visitId]/cancel'>) {
  const { visitId } = await params
  return <CancelVisit visitId={visitId} />
}
