'use client'
import { type FrameSlots, PortalFrame } from '@openward/portal/portal-frame'
import { UsersRound } from 'lucide-react'
import { useTranslations } from 'next-intl'

export function Frame(slots: FrameSlots) {
  const app = useTranslations('app')
  const t = useTranslations('navigation')
  return (
    <PortalFrame
      {...slots}
      layout="staff"
      portalName={app('title')}
      homeHref="/groups"
      nav={[{ href: '/groups', label: t('groups'), icon: <UsersRound aria-hidden /> }]}
    />
  )
}
