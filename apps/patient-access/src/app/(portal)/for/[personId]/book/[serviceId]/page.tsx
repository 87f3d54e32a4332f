import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { ChooseTime } from '#/features/pick-time/choose-time.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('pickTime')
  return { title: t('title') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/book/[serviceId]'>) {
  const { serviceId } = await params
  return <ChooseTime serviceId={serviceId} />
}
