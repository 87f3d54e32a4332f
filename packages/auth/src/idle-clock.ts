export type IdleClockOptions = {
  /** Time without activity until sign-out. */
  idleMs: number
  /** How long before that the warning comes. */
  warnMs: number
  onWarn: (signsOutAt: Date) => void
  onActive: () => void
  onIdle: () => void
  now?: () => number
}

export type IdleClock = {
  /** Something was done here. After the warning only `stay` counts; false then. */
  touch: () => boolean
  /** Something was done, or the warning answered, in another tab. */
  touchedElsewhere: () => void
  /** The person answered the warning. */
  stay: () => void
  /** Looks at the time again, as after a sleep of the machine, in which timers do not run. */
  check: () => void
  stop: () => void
}

/** A moving pointer tells many times a second; once is enough. */
const SETTLED_MS = 1_000

/** Counts idle time: warns, then ends. It ends once; time that passed asleep counts as idle. */
export function createIdleClock(options: IdleClockOptions): IdleClock {
  const { idleMs, warnMs, onWarn, onActive, onIdle, now = Date.now } = options
  let lastActiveAt = now()
  let state: 'active' | 'warned' | 'ended' = 'active'
  let timer: ReturnType<typeof setTimeout> | undefined

  function schedule(): void {
    clearTimeout(timer)
    const dueAt = lastActiveAt + (state === 'active' ? idleMs - warnMs : idleMs)
    timer = setTimeout(check, Math.max(0, dueAt - now()))
  }

  function check(): void {
    if (state === 'ended') return
    const idleForMs = now() - lastActiveAt
    if (idleForMs >= idleMs) {
      state = 'ended'
      clearTimeout(timer)
      onIdle()
      return
    }
    if (idleForMs >= idleMs - warnMs && state === 'active') {
      state = 'warned'
      onWarn(new Date(lastActiveAt + idleMs))
    }
    schedule()
  }

  function resume(): void {
    // a click after the time is up comes too late, even when no timer has noticed yet
    if (state !== 'ended' && now() - lastActiveAt < idleMs) {
      lastActiveAt = now()
      if (state === 'warned') onActive()
      state = 'active'
    }
    check()
  }

  const isActive = () => state === 'active'

  schedule()
  return {
    touch() {
      if (!isActive()) return false
      if (now() - lastActiveAt >= SETTLED_MS) resume()
      return isActive()
    },
    touchedElsewhere: resume,
    stay: resume,
    check,
    stop() {
      state = 'ended'
      clearTimeout(timer)
    },
  }
}
