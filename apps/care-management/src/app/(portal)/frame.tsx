'use client'
import { type FrameSlots, PortalFrame } from '@openward/portal/portal-frame'
import { Building2, CalendarClock, ListOrdered, Palette, Stethoscope } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { PANEL_ROLES, useHasRole } from '#/lib/roles.ts'

export function Frame(slots: FrameSlots) {
  const app = useTranslations('app')
  const t = useTranslations('navigation')
  const isAdministrator = useHasRole('administrator')
  const hasPanel = useHasRole(...PANEL_ROLES)
  const panel = { href: '/panel', label: t('panel'), icon: <ListOrdered aria-hidden /> }
  const setup = [
    { href: '/setup/sites', label: t('sites'), icon: <Building2 aria-hidden /> },
    { href: '/setup/services', label: t('services'), icon: <CalendarClock aria-hidden /> },
    { href: '/setup/clinicians', label: t('clinicians'), icon: <Stethoscope aria-hidden /> },
    { href: '/setup/branding', label: t('branding'), icon: <Palette aria-hidden /> },
  ]
  return (
    <PortalFrame
      {...slots}
      layout="staff"
      portalName={isAdministrator && !hasPanel ? t('setup') : app('title')}
      homeHref={isAdministrator && !hasPanel ? '/setup' : '/panel'}
      nav={[...(hasPanel || !isAdministrator ? [panel] : []), ...(isAdministrator ? setup : [])]}
    />
  )
}
