import type { ReactNode } from 'react'

export type EmptyStateProps = {
  /** What would be here: "No visits coming up". */
  title: string
  children?: ReactNode
  /** The first step towards having something here. */
  action?: ReactNode
}

/** Says what would be here and offers the first step. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="rounded-lg border border-dashed border-line-strong px-5 py-8 sm:px-8 staff:py-6">
      <p className="text-lg font-semibold">{title}</p>
      {children && <div className="mt-1 max-w-measure text-ink-soft">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap gap-3">{action}</div>}
    </div>
  )
}
