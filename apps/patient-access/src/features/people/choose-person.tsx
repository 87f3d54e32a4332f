'use client'
import { PageHeading } from '@openward/ui/page-heading'
import { useTranslations } from 'next-intl'

import { PeopleList } from './people-list.tsx'

export type ChoosePersonProps = {
  currentId?: string | undefined
  /** Where to go for the person who is chosen. */
  to?: `/${string}`
}

/** Whom the next screens are about. */
export function ChoosePerson({ currentId, to = '/home' }: ChoosePersonProps) {
  const t = useTranslations('people')
  return (
    <div className="max-w-column">
      <PageHeading lead={t('chooseLead')}>{t('chooseTitle')}</PageHeading>
      <PeopleList currentId={currentId} to={to} />
    </div>
  )
}
