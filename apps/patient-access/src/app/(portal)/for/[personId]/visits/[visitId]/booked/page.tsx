import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { Booked } from '#/features/book/booked.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('booked')
  return { title: t('pageTitle') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/visits/[visitId]/booked'>) {
  const { visitId } = await params
  return <Booked visitId={visitId} />
}
