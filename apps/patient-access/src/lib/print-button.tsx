'use client'
import { Button } from '@openward/ui/button'
import { Printer } from 'lucide-react'
import { useTranslations } from 'next-intl'

export function PrintButton() {
  const t = useTranslations('print')
  return (
    <Button variant="secondary" onPress={() => window.print()}>
      <Printer aria-hidden />
      {t('print')}
    </Button>
  )
}
