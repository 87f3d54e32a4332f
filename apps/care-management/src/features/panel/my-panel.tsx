'use client'
import { EmptyState } from '@openward/ui/empty-state'
import { LinkButton } from '@openward/ui/link-button'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'
import { PANEL_ROLES, useHasRole } from '#/lib/roles.ts'
import { PanelList } from './panel-list.tsx'

/** The panel for those who have one; for everyone else, why there is none and where to go. */
export function Panel() {
  const t = useTranslations('panel')
  const hasPanel = useHasRole(...PANEL_ROLES)
  const isAdministrator = useHasRole('administrator')
  if (hasPanel) return <PanelList />
  const setup = isAdministrator && (
    <LinkButton as={NextLink} href="/setup">
      {t('toSetup')}
    </LinkButton>
  )
  return (
    <EmptyState title={t('notYoursTitle')} action={setup}>
      {isAdministrator ? t('notYoursAdministrator') : t('notYours')}
    </EmptyState>
  )
}
