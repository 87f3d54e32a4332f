import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ServiceScreen } from '#/features/services/service-screen.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('services')
  return { title: t('new') }
}

export default function NewServicePage() {
  return <ServiceScreen />
}
