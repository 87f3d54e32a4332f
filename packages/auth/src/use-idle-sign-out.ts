'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { createIdleClock } from './idle-clock.ts'
import { useSignOut } from './use-caller.ts'

export type IdleSignOutOptions = {
  /** Time without activity until sign-out, in milliseconds: patients 20 minutes, staff 15. */
  idleMs: number
  /** How long before that the warning comes, in milliseconds. */
  warnMs: number
  /** Called when the warning begins. */
  onWarn?: (signsOutAt: Date) => void
  /** Keeps unsaved work; sign-out waits for it, and happens even when it fails. */
  beforeSignOut?: () => void | Promise<void>
}

export type IdleSignOut = {
  /** Set while the warning should be on screen. */
  signsOutAt: Date | undefined
  /** The person wants to stay signed in. */
  stay: () => void
}

const ACTIVITY = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll'] as const
const TELL_OTHERS_EVERY_MS = 5_000

/** Signs out after idle time, warned before; work in another tab of the same portals counts as activity. */
export function useIdleSignOut(options: IdleSignOutOptions): IdleSignOut {
  const { idleMs, warnMs } = options
  const signOut = useSignOut()
  const [signsOutAt, setSignsOutAt] = useState<Date>()
  const stayHere = useRef(() => {})
  const callbacks = useRef(options)

  useEffect(() => {
    callbacks.current = options
  })
  useEffect(() => {
    const channel = new BroadcastChannel('openward-activity')
    let toldAt = 0
    const running = createIdleClock({
      idleMs,
      warnMs,
      onWarn(at) {
        setSignsOutAt(at)
        callbacks.current.onWarn?.(at)
      },
      onActive: () => setSignsOutAt(undefined),
      onIdle() {
        const keepWork = Promise.resolve().then(() => callbacks.current.beforeSignOut?.())
        void keepWork.then(signOut, signOut)
      },
    })

    function tellOthers() {
      if (Date.now() - toldAt < TELL_OTHERS_EVERY_MS) return
      toldAt = Date.now()
      channel.postMessage('active')
    }
    function handleActivity() {
      if (running.touch()) tellOthers()
    }
    const handleWake = () => running.check()
    stayHere.current = () => {
      running.stay()
      channel.postMessage('active')
    }
    channel.onmessage = () => running.touchedElsewhere()
    for (const name of ACTIVITY)
      window.addEventListener(name, handleActivity, { passive: true, capture: true })
    document.addEventListener('visibilitychange', handleWake)
    window.addEventListener('focus', handleWake)
    return () => {
      running.stop()
      channel.close()
      for (const name of ACTIVITY) window.removeEventListener(name, handleActivity, { capture: true })
      document.removeEventListener('visibilitychange', handleWake)
      window.removeEventListener('focus', handleWake)
    }
  }, [idleMs, warnMs, signOut])

  const stay = useCallback(() => stayHere.current(), [])
  return { signsOutAt, stay }
}
