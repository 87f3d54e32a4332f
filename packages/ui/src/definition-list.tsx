import type { ReactNode } from 'react'

export type Definition = { term: string; detail: ReactNode; action?: ReactNode }

/** Terms beside their values, one row each; on a phone the value goes below. */
export function DefinitionList({ items }: { items: readonly Definition[] }) {
  return (
    <dl className="divide-y divide-line">
      {items.map((item) => (
        <div
          key={item.term}
          className="grid gap-x-6 gap-y-0.5 py-3 first:pt-0 last:pb-0 sm:grid-cols-[minmax(6rem,10rem)_1fr_auto] staff:py-2 print:py-1.5"
        >
          <dt className="text-ink-soft">{item.term}</dt>
          <dd className="min-w-0 font-semibold">{item.detail}</dd>
          {item.action && <dd className="sm:text-end">{item.action}</dd>}
        </div>
      ))}
    </dl>
  )
}
