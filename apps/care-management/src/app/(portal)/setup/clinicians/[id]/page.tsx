import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ClinicianScreen } from '#/features/clinicians/clinician-screen.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('clinicians')
  return { title: t('one') }
}

export default async function ClinicianPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <ClinicianScreen practitionerId={id} />
}
