'use client'
import { PortalFrame } from '@openward/portal/portal-frame'
import { CalendarDays, CalendarSearch, House, UserRound } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

export type FrameProps = { brand: string; tools: ReactNode; footer: ReactNode; children: ReactNode }

/** Navigation stays with the person that the address names. */
export function Frame({ brand, tools, footer, children }: FrameProps) {
  const t = useTranslations('navigation')
  const person = /^\/for\/[^/]+/.exec(usePathname())?.[0]
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
      footer={footer}
    >
      {children}
    </PortalFrame>
  )
}
