'use client'
import { type FrameSlots, PortalFrame } from '@openward/portal/portal-frame'
import { Route } from 'lucide-react'
import { useTranslations } from 'next-intl'

export function Frame(slots: FrameSlots) {
  const app = useTranslations('app')
  const t = useTranslations('navigation')
  return (
    <PortalFrame
      {...slots}
      layout="staff"
      portalName={app('title')}
      homeHref="/today"
      nav={[{ href: '/today', label: t('today'), icon: <Route aria-hidden /> }]}
    />
  )
}
