'use client'
import { PortalFrame } from '@openward/portal/portal-frame'
import { CalendarDays, CalendarSearch, House, UserRound } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import { OfflineNotice } from '#/lib/offline-notice.tsx'

export type FrameProps = {
  brand: string
  tools: ReactNode
  help: ReactNode
  preferences: ReactNode
  children: ReactNode
}

/** Navigation stays with the person that the address names. */
export function Frame({ brand, tools, help, preferences, children }: FrameProps) {
  const t = useTranslations('navigation')
  const pathname = usePathname()
  const person = /^\/for\/[^/]+/.exec(pathname)?.[0]
  const home = `${person ?? ''}/home`
  return (
    <PortalFrame
      layout="patient"
      brand={brand}
      homeHref={home}
      nav={[
        { href: home, label: t('home'), icon: <House aria-hidden /> },
        {
          href: person ? `${person}/care` : '/find-care',
          label: t('findCare'),
          icon: <CalendarSearch aria-hidden />,
        },
        { href: `${person ?? ''}/visits`, label: t('visits'), icon: <CalendarDays aria-hidden /> },
        { href: `${person ?? ''}/profile`, label: t('profile'), icon: <UserRound aria-hidden /> },
      ]}
      tools={tools}
      footer={
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t border-line pt-5 text-sm">
          {help}
          {/* The profile shows them itself. */}
          {!pathname.endsWith('/profile') && <div data-print="no">{preferences}</div>}
        </div>
      }
    >
      <OfflineNotice />
      {children}
    </PortalFrame>
  )
}
