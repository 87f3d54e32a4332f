import type { ComponentPropsWithoutRef, ElementType } from 'react'
import { classNames } from './class-names.ts'

export type LinkProps<As extends ElementType> = {
  /** The component that renders the anchor: `next/link` inside a portal, a plain `a` between portals. */
  as?: As
  /** Without an underline until hovered; only where it cannot be mistaken for text (navigation, headings). */
  isPlain?: boolean
} & Omit<ComponentPropsWithoutRef<As>, 'as'>

/** A link that goes somewhere; for things that act, use `Button`. */
export function Link<As extends ElementType = 'a'>({ as, isPlain, className, ...props }: LinkProps<As>) {
  const Anchor: ElementType = as ?? 'a'
  return (
    <Anchor
      {...props}
      className={classNames(
        'rounded-sm text-action underline-offset-[0.2em] decoration-[0.07em] hover:text-action-strong hover:decoration-[0.14em]',
        isPlain ? 'no-underline hover:underline' : 'underline',
        className,
      )}
    />
  )
}
