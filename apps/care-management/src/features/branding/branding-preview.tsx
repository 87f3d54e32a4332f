'use client'
import type { Branding } from '@openward/portal/branding'
import { BrandMark } from '@openward/ui/brand-mark'
import { buttonClass } from '@openward/ui/button-class'
import { Card } from '@openward/ui/card'
import { useLocale, useTranslations } from 'next-intl'
import { type Control, useWatch } from 'react-hook-form'

/** The start page of patients in small, as it would look with what is in the form. */
export function BrandingPreview({ control }: { control: Control<Branding> }) {
  const t = useTranslations('branding')
  const locale = useLocale()
  const values = useWatch({ control }) as Branding
  const welcome = locale === 'es' ? values.welcomeEs : values.welcome
  return (
    <div className="lg:sticky lg:top-6">
      <Card title={t('preview')}>
        <div data-accent={values.accent} className="rounded-lg border border-line bg-surface p-5">
          <p className="flex items-center gap-2.5 font-semibold">
            <BrandMark />
            {values.displayName || t('noName')}
          </p>
          <p className="mt-5 text-lg font-semibold">{welcome || t('noWelcome')}</p>
          <p className="mt-4">
            <span className={buttonClass('primary', 'regular')}>{t('previewAction')}</span>
          </p>
          <p className="mt-4 text-sm text-action">{values.phone}</p>
        </div>
      </Card>
    </div>
  )
}
