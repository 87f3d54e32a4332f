import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type NoticeTone = 'info' | 'attention' | 'danger' | 'done'

const TONES = {
  info: { icon: Info, box: 'border-line bg-surface-sunken', mark: 'text-action' },
  attention: { icon: TriangleAlert, box: 'border-attention-mark bg-attention-soft', mark: 'text-attention' },
  danger: { icon: OctagonAlert, box: 'border-danger/50 bg-danger-soft', mark: 'text-danger' },
  done: { icon: CircleCheck, box: 'border-done/40 bg-done-soft', mark: 'text-done' },
} as const

export type NoticeProps = {
  tone?: NoticeTone
  title: string
  children?: ReactNode
  action?: ReactNode
  /** Said aloud when it appears; leave out for what was on the page from the start. */
  isLive?: boolean
}

/** Something to know before going on. Tone is always also an icon and words. */
export function Notice({ tone = 'info', title, children, action, isLive }: NoticeProps) {
  const { icon: Icon, box, mark } = TONES[tone]
  const role = isLive ? (tone === 'danger' ? 'alert' : 'status') : undefined
  return (
    <div role={role} className={classNames('flex gap-3 rounded-lg border p-4 staff:p-3', box)}>
      <Icon aria-hidden className={classNames('mt-0.5 size-5 shrink-0', mark)} />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {children && <div className="mt-1 max-w-measure">{children}</div>}
        {action && <div className="mt-3 flex flex-wrap gap-3">{action}</div>}
      </div>
    </div>
  )
}
