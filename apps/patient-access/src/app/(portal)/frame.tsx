'use client'
import { PortalFrame } from '@openward/portal/portal-frame'
import { House, CalendarSearch, CalendarDays, UserRound } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

export function Frame({
  tools,
  footer,
  children,
}: {
  tools: ReactNode
  footer: ReactNode
  children: ReactNode
}) {
  const app = useTranslations('app')
  const t = useTranslations('navigation')
  return (
    <PortalFrame
      layout="patient"
      brand={app('title')}
      homeHref="/home"
      nav={[
        { href: '/home', label: t('home'), icon: <House aria-hidden /> },
        { href: '/find-care', label: t('findCare'), icon: <CalendarSearch aria-hidden /> },
        { href: '/visits', label: t('visits'), icon: <CalendarDays aria-hidden /> },
        { href: '/profile', label: t('profile'), icon: <UserRound aria-hidden /> },
      ]}
      tools={tools}
      footer={footer}
    >
      {children}
    </PortalFrame>
  )
}
