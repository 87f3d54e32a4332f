import { PageHeading } from '@openward/ui/page-heading'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { GroupList } from '#/features/groups/group-list.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('groups')
  return { title: t('title') }
}

export default async function GroupsPage() {
  const t = await getTranslations('groups')
  return (
    <>
      <PageHeading lead={t('lead')}>{t('title')}</PageHeading>
      <GroupList />
    </>
  )
}
