import type { ReactNode } from 'react'

/** The one main step of a screen: on a phone it stays in reach, above the navigation. */
export function StickyActions({ children }: { children: ReactNode }) {
  return (
    <div
      data-print="no"
      className="mt-6 flex flex-wrap items-center gap-3 max-md:sticky max-md:bottom-[calc(61px+env(safe-area-inset-bottom))] max-md:z-10 max-md:-mx-4 max-md:border-t max-md:border-line max-md:bg-surface max-md:px-4 max-md:py-3 max-md:[&>*]:flex-1"
    >
      {children}
    </div>
  )
}
