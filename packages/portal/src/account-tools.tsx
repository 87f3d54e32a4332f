'use client'
import { useCaller } from '@openward/auth'
import { buttonClass } from '@openward/ui/button-class'
import { LogOut } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useLeave } from './use-leave.ts'

/** Who is signed in, and the way out. */
export function AccountTools() {
  const t = useTranslations('portal.account')
  const caller = useCaller()
  const leave = useLeave()
  return (
    <div className="-mx-3 flex flex-wrap items-center justify-between">
      <p className="min-w-0 truncate px-3 text-sm max-sm:sr-only">
        <span className="sr-only">{t('signedInAs')} </span>
        <bdi dir="auto">{caller.name}</bdi>
      </p>
      <button type="button" onClick={leave} className={buttonClass('quiet', 'small', 'whitespace-nowrap')}>
        <LogOut aria-hidden className="max-sm:hidden" />
        {t('signOut')}
      </button>
    </div>
  )
}
