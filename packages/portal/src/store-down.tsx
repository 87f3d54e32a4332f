'use client'
import { Notice } from '@openward/ui/notice'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 10_000

async function isReady(signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch('/health/ready', { cache: 'no-store', signal })
    return answer.ok
  } catch {
    return false // still unreachable: that is the answer
  }
}

/** The record cannot be reached: says so, asks again every few seconds, and calls `onRecovered` once it can. */
export function StoreDown({ onRecovered }: { onRecovered: () => void }) {
  const t = useTranslations('portal.down')
  const recovered = useRef(onRecovered)
  useEffect(() => {
    recovered.current = onRecovered
  })
  useEffect(() => {
    const aborter = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    const ask = async (waitMs: number) => {
      const isBack = await isReady(aborter.signal)
      if (aborter.signal.aborted) return
      if (isBack) recovered.current()
      // also after a recovery: when the screen's own request fails again, this is still shown
      timer = setTimeout(() => void ask(Math.min(waitMs * 1.5, LONGEST_WAIT_MS)), waitMs)
    }
    timer = setTimeout(() => void ask(FIRST_WAIT_MS), FIRST_WAIT_MS)
    return () => {
      aborter.abort()
      clearTimeout(timer)
    }
  }, [])
  return (
    <Notice tone="attention" title={t('title')} isLive>
      {t('body')}
    </Notice>
  )
}
