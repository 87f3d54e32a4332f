import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type CardProps = {
  title?: string
  /** The level of the title in the page's outline. */
  level?: 2 | 3
  /** Beside the title: a link or a small button. */
  action?: ReactNode
  /** Set apart as the one thing that matters on the screen. */
  isProminent?: boolean
  children: ReactNode
}

/** A group of things that belong together, set off by a hairline. */
export function Card({ title, level = 2, action, isProminent, children }: CardProps) {
  const Heading = `h${level}` as const
  return (
    <section
      className={classNames(
        'rounded-lg border bg-surface-raised p-5 sm:p-6 staff:p-4 print:p-4',
        isProminent ? 'border-line-strong' : 'border-line',
      )}
    >
      {title && (
        <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <Heading className="text-lg">{title}</Heading>
          {action}
        </div>
      )}
      {children}
    </section>
  )
}
