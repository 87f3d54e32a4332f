'use client'
import { LoaderCircle } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { buttonClass, type ButtonSize, type ButtonVariant } from './button-class.ts'

export type ButtonProps = Omit<AriaButtonProps, 'className' | 'style' | 'children'> & {
  variant?: ButtonVariant
  size?: ButtonSize
  /** Fills the width of its column. */
  isWide?: boolean
  /** What is said while `isPending`; default "Please wait". */
  pendingLabel?: string
  children: ReactNode
}

/** A button. While `isPending` it keeps its place and focus, ignores presses and says that it is working. */
export function Button({
  variant = 'primary',
  size = 'regular',
  isWide,
  pendingLabel,
  children,
  ...props
}: ButtonProps) {
  const t = useTranslations('ui.button')
  return (
    <AriaButton {...props} className={buttonClass(variant, size, isWide ? 'w-full' : undefined)}>
      {({ isPending }) => (
        <>
          {isPending && <LoaderCircle aria-hidden className="animate-spin" />}
          {children}
          {isPending && <span className="sr-only">{`, ${pendingLabel ?? t('pending')}`}</span>}
        </>
      )}
    </AriaButton>
  )
}
