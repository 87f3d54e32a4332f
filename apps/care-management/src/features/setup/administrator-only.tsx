'use client'
import { EmptyState } from '@openward/ui/empty-state'
import { LinkButton } from '@openward/ui/link-button'
import { PageHeading } from '@openward/ui/page-heading'
import NextLink from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useHasRole } from '#/lib/roles.ts'

/** Setup for administrators; others are told who can do it. The BFF refuses their writes in any case. */
export function AdministratorOnly({ children }: { children: ReactNode }) {
  const t = useTranslations('setup')
  if (useHasRole('administrator')) return children
  return (
    <>
      <PageHeading>{t('title')}</PageHeading>
      <EmptyState
        title={t('refusedTitle')}
        action={
          <LinkButton as={NextLink} href="/panel" variant="secondary">
            {t('toPanel')}
          </LinkButton>
        }
      >
        {t('refusedBody')}
      </EmptyState>
    </>
  )
}
