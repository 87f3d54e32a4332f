import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { EditProfile } from '#/features/profile/edit-profile.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('profile')
  return { title: t('editTitle') }
}

export default function Page() {
  return <EditProfile />
}
