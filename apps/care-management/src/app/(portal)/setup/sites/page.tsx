import { buttonClass } from '@openward/ui/button-class'
import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { SiteList } from '#/features/sites/site-list.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('sites')
  return { title: t('title') }
}

export default async function SitesPage() {
  const t = await getTranslations('sites')
  const add = (
    <Link href="/setup/sites/new" className={buttonClass('primary')}>
      {t('add')}
    </Link>
  )
  return (
    <>
      <PageHeading lead={t('lead')} actions={add}>
        {t('title')}
      </PageHeading>
      <SiteList />
    </>
  )
}
