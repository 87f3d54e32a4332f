'use client'
import { type ReactNode, useEffect, useRef } from 'react'

let isFirstPage = true

export type PageHeadingProps = {
  children: ReactNode
  /** One sentence below: what this screen is for, or the state it shows. */
  lead?: ReactNode
  /** Beside the heading: the screen's own actions. */
  actions?: ReactNode
  /** Changes when the content below becomes another page without navigation (a step, a person). */
  focusKey?: string
}

/** The page's only `h1`. After navigation it takes the focus, so that a screen reader starts here; not on the first load. */
export function PageHeading({ children, lead, actions, focusKey }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (isFirstPage) {
      isFirstPage = false
      return
    }
    heading.current?.focus({ preventScroll: false })
  }, [focusKey])
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 staff:mb-4">
      <div className="min-w-0">
        <h1 ref={heading} tabIndex={-1} className="text-2xl sm:text-3xl staff:text-xl staff:sm:text-2xl">
          {children}
        </h1>
        {lead && <p className="mt-2 max-w-measure text-ink-soft staff:mt-1">{lead}</p>}
      </div>
      {actions && (
        <div data-print="no" className="flex flex-wrap gap-3">
          {actions}
        </div>
      )}
    </header>
  )
}
