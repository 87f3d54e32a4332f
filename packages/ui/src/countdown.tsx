'use client'
import { Hourglass } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { Announcer } from './announcer.tsx'
import { classNames } from './class-names.ts'

export type CountdownProps = {
  /** The instant at which it ends (ISO-8601). */
  endsAt: string
  /** What is running out: "We hold this time for". */
  label: string
  onExpire?: () => void
}

function secondsUntil(endsAt: string): number {
  const left = Math.ceil((Date.parse(endsAt) - Date.now()) / 1000)
  return Number.isNaN(left) ? 0 : Math.max(0, left)
}

function milestone(seconds: number): 'five' | 'one' | 'expired' | undefined {
  if (seconds === 0) return 'expired'
  if (seconds <= 60) return 'one'
  if (seconds <= 300) return 'five'
  return undefined
}

/** Minutes and seconds that are left, seen by all, said only at five minutes, one minute and the end. */
export function Countdown({ endsAt, label, onExpire }: CountdownProps) {
  const t = useTranslations('ui.countdown')
  const [secondsLeft, setSecondsLeft] = useState(() => secondsUntil(endsAt))
  const expire = useRef(onExpire)
  useEffect(() => {
    expire.current = onExpire
  })
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined
    const tick = () => {
      const left = secondsUntil(endsAt)
      setSecondsLeft(left)
      if (left > 0) return
      clearInterval(timer)
      expire.current?.()
    }
    timer = setInterval(tick, 1000)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [endsAt])
  const minutes = Math.floor(secondsLeft / 60)
  const clock = `${minutes}:${String(secondsLeft % 60).padStart(2, '0')}`
  const reached = milestone(secondsLeft)
  return (
    <div
      className={classNames(
        'inline-flex items-center gap-2 [&_svg]:size-5',
        secondsLeft <= 60 ? 'text-attention' : 'text-ink-soft',
      )}
    >
      <Hourglass aria-hidden />
      {secondsLeft > 0 ? (
        <span role="timer" aria-live="off">
          {label} <span className="tabular font-semibold text-ink">{clock}</span>
        </span>
      ) : (
        <span>{t('expired')}</span>
      )}
      <Announcer message={reached ? t(reached) : ''} />
    </div>
  )
}
