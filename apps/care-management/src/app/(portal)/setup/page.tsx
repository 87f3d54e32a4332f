import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { SetupHome } from '#/features/setup/setup-home.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('setup')
  return { title: t('title') }
}

export default async function SetupPage() {
  const t = await getTranslations('setup')
  return (
    <>
      <PageHeading lead={t('lead')}>{t('title')}</PageHeading>
      <SetupHome />
    </>
  )
}
