import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { BrandingScreen } from '#/features/branding/branding-screen.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('branding')
  return { title: t('title') }
}

export default async function BrandingPage() {
  const t = await getTranslations('branding')
  return (
    <>
      <PageHeading lead={t('lead')}>{t('title')}</PageHeading>
      <BrandingScreen />
    </>
  )
}
