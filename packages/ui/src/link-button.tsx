import type { ComponentPropsWithoutRef, ElementType } from 'react'
import { buttonClass, type ButtonSize, type ButtonVariant } from './button-class.ts'

export type LinkButtonProps<As extends ElementType> = {
  as?: As
  variant?: ButtonVariant
  size?: ButtonSize
  isWide?: boolean
} & Omit<ComponentPropsWithoutRef<As>, 'as' | 'className'>

/** An anchor that looks like a button: navigation with the weight of the main step. */
export function LinkButton<As extends ElementType = 'a'>({
  as,
  variant = 'primary',
  size = 'regular',
  isWide,
  ...props
}: LinkButtonProps<As>) {
  const Anchor: ElementType = as ?? 'a'
  return <Anchor {...props} className={buttonClass(variant, size, isWide ? 'w-full' : undefined)} />
}
