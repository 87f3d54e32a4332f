'use client'
import { AppFrame, type AppFrameProps } from '@openward/ui/app-frame'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'

export type PortalFrameProps = Omit<AppFrameProps, 'currentPath' | 'linkAs' | 'words'>

/** What a portal's layout hands to its frame. */
export type FrameSlots = Pick<PortalFrameProps, 'brand' | 'tools' | 'footer' | 'children'>

/** The frame of a portal's signed-in screens: `AppFrame` bound to the router and the words of this package. */
export function PortalFrame(props: PortalFrameProps) {
  const t = useTranslations('portal')
  return (
    <AppFrame
      {...props}
      currentPath={usePathname()}
      linkAs={Link}
      words={{ skip: t('skip'), navigation: t('navigation') }}
    />
  )
}
