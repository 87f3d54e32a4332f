'use client'
import { Button } from '@openward/ui/button'
import { Dialog } from '@openward/ui/dialog'
import { Countdown } from '@openward/ui/countdown'
import { useTranslations } from 'next-intl'
import { useLeave } from './use-leave.ts'

/** Asks whether someone is still there, with the time that is left. */
export function IdleDialog({ signsOutAt, onStay }: { signsOutAt: Date; onStay: () => void }) {
  const t = useTranslations('portal')
  const leave = useLeave()
  return (
    <Dialog
      title={t('idle.title')}
      isOpen
      isAlert
      onClose={onStay}
      actions={
        <>
          <Button onPress={onStay}>{t('idle.stay')}</Button>
          <Button variant="secondary" onPress={leave}>
            {t('account.signOut')}
          </Button>
        </>
      }
    >
      <p>{t('idle.body')}</p>
      <p className="mt-3">
        <Countdown endsAt={signsOutAt.toISOString()} label={t('idle.left')} />
      </p>
    </Dialog>
  )
}
