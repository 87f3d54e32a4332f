import { buttonClass } from '@openward/ui/button-class'
import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { ClinicianList } from '#/features/clinicians/clinician-list.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('clinicians')
  return { title: t('title') }
}

export default async function CliniciansPage() {
  const t = await getTranslations('clinicians')
  const add = (
    <Link href="/setup/clinicians/new" className={buttonClass('primary')}>
      {t('add')}
    </Link>
  )
  return (
    <>
      <PageHeading lead={t('lead')} actions={add}>
        {t('title')}
      </PageHeading>
      <ClinicianList />
    </>
  )
}
