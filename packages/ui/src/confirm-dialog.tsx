'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export type ConfirmDialogProps = {
  /** The question: "Cancel this visit?". */
  title: string
  isOpen: boolean
  onClose: () => void
  onConfirm: () => void
  /** The verb of the deed: "Cancel the visit". */
  confirmLabel: string
  /** The way back; default "Go back". */
  closeLabel?: string
  isDangerous?: boolean
  isPending?: boolean
  /** What will happen, exactly. */
  children: ReactNode
}

/** Asks before something that cannot be undone in one step. Buttons are verbs, never "OK". */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const t = useTranslations('ui.dialog')
  const isPending = Boolean(props.isPending)
  return (
    <Dialog
      title={props.title}
      isOpen={props.isOpen}
      onClose={() => !isPending && props.onClose()}
      isAlert
      actions={
        <>
          <Button
            variant={props.isDangerous ? 'danger' : 'primary'}
            onPress={props.onConfirm}
            isPending={isPending}
          >
            {props.confirmLabel}
          </Button>
          <Button variant="secondary" onPress={props.onClose} isDisabled={isPending}>
            {props.closeLabel ?? t('back')}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  )
}
