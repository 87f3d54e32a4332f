import type { ReactNode } from 'react'

/** The one main step of a screen: on a phone it stays in reach, above the navigation. */
export function StickyActions({ children }: { children: ReactNode }) {
  return (
    <div
      data-print="no"
      className="mt-6 flex flex-wrap items-center gap-3 max-lg:sticky max-lg:bottom-[calc(61px+env(safe-area-inset-bottom))] max-lg:z-10 max-lg:-mx-4 sm:max-lg:-mx-6 max-lg:border-t max-lg:border-line max-lg:bg-surface max-lg:px-4 sm:max-lg:px-6 max-lg:py-3 max-md:[&>*]:flex-1"
    >
      {children}
    </div>
  )
}
