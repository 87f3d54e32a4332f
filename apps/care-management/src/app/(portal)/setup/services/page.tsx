import { buttonClass } from '@openward/ui/button-class'
import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { ServiceList } from '#/features/services/service-list.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('services')
  return { title: t('title') }
}

export default async function ServicesPage() {
  const t = await getTranslations('services')
  const add = (
    <Link href="/setup/services/new" className={buttonClass('primary')}>
      {t('add')}
    </Link>
  )
  return (
    <>
      <PageHeading lead={t('lead')} actions={add}>
        {t('title')}
      </PageHeading>
      <ServiceList />
    </>
  )
}
