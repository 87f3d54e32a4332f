import { Ban, CircleAlert, CircleCheck, CircleDashed, Clock } from 'lucide-react'
import { classNames } from './class-names.ts'

export type StatusTone = 'neutral' | 'pending' | 'attention' | 'danger' | 'done' | 'stopped'

const TONES = {
  neutral: { icon: CircleDashed, look: 'text-ink-soft' },
  pending: { icon: Clock, look: 'text-attention' },
  attention: { icon: CircleAlert, look: 'text-attention' },
  danger: { icon: CircleAlert, look: 'text-danger' },
  done: { icon: CircleCheck, look: 'text-done' },
  stopped: { icon: Ban, look: 'text-ink-soft' },
} as const

/** The stored state of a thing in one or two words: "Booked", "Held until 14:32", "Cancelled by the clinic". */
export function StatusTag({ tone = 'neutral', children }: { tone?: StatusTone; children: string }) {
  const { icon: Icon, look } = TONES[tone]
  return (
    <span className={classNames('inline-flex items-center gap-1.5 text-sm font-semibold', look)}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {children}
    </span>
  )
}
