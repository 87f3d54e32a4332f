import { UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type PersonBannerProps = {
  /** "You are booking for", "Record of". */
  context: string
  name: string
  /** Age, pronouns, date of birth, relationship, language: ready-made words, in this order, empty ones left out. */
  facts: ReadonlyArray<string | undefined>
  /** Someone else than the person signed in: the banner stands out and cannot be missed. */
  isOther?: boolean
  /** The switch to another person. */
  action?: ReactNode
}

/** Who this is about, in the same place and form on every screen. */
export function PersonBanner({ context, name, facts, isOther, action }: PersonBannerProps) {
  return (
    <aside
      aria-label={context}
      className={classNames(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border px-4 py-3 staff:py-2',
        isOther ? 'border-attention-mark border-s-8 bg-attention-soft' : 'border-line bg-surface-raised',
      )}
    >
      <UserRound
        aria-hidden
        className={classNames('size-6 shrink-0', isOther ? 'text-attention' : 'text-action')}
      />
      <div className="min-w-0 flex-1 basis-40">
        <p>
          <span className={isOther ? 'text-attention' : 'text-ink-soft'}>{context} </span>
          <bdi dir="auto" className="font-semibold">
            {name}
          </bdi>
        </p>
        <p className="tabular text-sm text-ink-soft">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {action && <div data-print="no">{action}</div>}
    </aside>
  )
}
