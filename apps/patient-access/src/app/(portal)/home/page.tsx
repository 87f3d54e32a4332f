import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('home')
  return { title: t('title') }
}

export default async function HomePage() {
  const t = await getTranslations('home')
  return <PageHeading>{t('title')}</PageHeading>
}
