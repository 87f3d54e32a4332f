import { currentBranding } from '@openward/portal/current-branding'
import { RootDocument } from '@openward/portal/root-document'
import type { Metadata, Viewport } from 'next'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import './globals.css'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('app')
  const { displayName } = await currentBranding()
  return { title: { default: displayName, template: `%s · ${displayName}` }, description: t('description') }
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

export default function RootLayout({ children }: { children: ReactNode }) {
  return <RootDocument density="patient">{children}</RootDocument>
}
