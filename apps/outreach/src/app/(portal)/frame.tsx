'use client'
import { PortalFrame } from '@openward/portal/portal-frame'
import { UsersRound } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

export function Frame({
  brand,
  tools,
  footer,
  children,
}: {
  brand: string
  tools: ReactNode
  footer: ReactNode
  children: ReactNode
}) {
  const app = useTranslations('app')
  const t = useTranslations('navigation')
  return (
    <PortalFrame
      layout="staff"
      brand={brand}
      portalName={app('title')}
      homeHref="/groups"
      nav={[{ href: '/groups', label: t('groups'), icon: <UsersRound aria-hidden /> }]}
      tools={tools}
      footer={footer}
    >
      {children}
    </PortalFrame>
  )
}
