import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { ClinicianPage } from '#/features/find-care/clinician-page.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('findCare')
  return { title: t('clinician') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/care/clinicians/[clinicianId]'>) {
  const { clinicianId } = await params
  return <ClinicianPage clinicianId={clinicianId} />
}
