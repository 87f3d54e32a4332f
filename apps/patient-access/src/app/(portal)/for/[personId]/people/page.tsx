import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'

import { ChoosePerson } from '#/features/people/choose-person.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('people')
  return { title: t('chooseTitle') }
}

export default async function Page({ params }: PageProps<'/for/[personId]/people'>) {
  const { personId } = await params
  return <ChoosePerson currentId={personId} />
}
