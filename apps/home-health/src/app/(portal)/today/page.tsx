import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { TodayList } from '#/features/today/today-list.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('today')
  return { title: t('title') }
}

export default async function TodayPage() {
  const t = await getTranslations('today')
  return (
    <>
      <PageHeading lead={t('lead')}>{t('title')}</PageHeading>
      <TodayList />
    </>
  )
}
