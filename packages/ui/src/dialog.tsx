'use client'
import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'

export type DialogProps = {
  title: string
  isOpen: boolean
  onClose: () => void
  children: ReactNode
  /** The buttons, the main one first. */
  actions?: ReactNode
  /** Must be answered: no cross, no Escape, no click outside. */
  isAlert?: boolean
}

/** A question or a small task over the page. On a phone it rises from the bottom edge. */
export function Dialog({ title, isOpen, onClose, children, actions, isAlert }: DialogProps) {
  const t = useTranslations('ui.dialog')
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!isAlert}
      isKeyboardDismissDisabled={Boolean(isAlert)}
      className="fixed inset-0 z-50 flex items-end justify-center overflow-y-auto bg-veil sm:items-center sm:p-6"
    >
      <Modal className="w-full max-w-dialog animate-[settle_160ms_var(--default-transition-timing-function)] rounded-t-lg border border-line bg-surface-raised shadow-float sm:rounded-lg">
        <AriaDialog
          role={isAlert ? 'alertdialog' : 'dialog'}
          data-quiet-focus
          className="flex max-h-[85svh] flex-col gap-4 overflow-y-auto p-5 sm:p-6"
        >
          <div className="flex items-start justify-between gap-4">
            <Heading slot="title" className="text-lg">
              {title}
            </Heading>
            {!isAlert && (
              <Button
                aria-label={t('close')}
                onPress={onClose}
                className="-me-2 -mt-2 grid size-11 shrink-0 place-items-center rounded-md text-ink-soft hover:bg-surface-sunken [&_svg]:size-5"
              >
                <X aria-hidden />
              </Button>
            )}
          </div>
          <div className="max-w-measure">{children}</div>
          {actions && <div className="flex flex-col gap-3 pt-1 sm:flex-row sm:flex-wrap">{actions}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
