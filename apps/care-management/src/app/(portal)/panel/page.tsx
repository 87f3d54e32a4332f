import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Panel } from '#/features/panel/my-panel.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('panel')
  return { title: t('title') }
}

export default async function PanelPage() {
  const t = await getTranslations('panel')
  return (
    <>
      <PageHeading lead={t('lead')}>{t('title')}</PageHeading>
      <Panel />
    </>
  )
}
