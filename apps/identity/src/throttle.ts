const WINDOW_MS = 60_000
const MOST_KEYS = 10_000

export type Throttle = {
  /** Seconds until this key may try again; 0 when it may now. */
  waitSeconds: (key: string) => number
  failed: (key: string) => void
  succeeded: (key: string) => void
}

/** Counts failed sign-ins per key (user name and address) over the last minute; the fifth closes the door. */
export function createThrottle(mostFailures = 5, now: () => number = Date.now): Throttle {
  const failures = new Map<string, number[]>()

  function recent(key: string): number[] {
    return (failures.get(key) ?? []).filter((at) => at > now() - WINDOW_MS)
  }

  function forgetOldest(): void {
    for (const key of failures.keys()) {
      if (failures.size < MOST_KEYS && recent(key).length > 0) return
      failures.delete(key)
    }
  }

  return {
    waitSeconds(key) {
      const times = recent(key)
      const first = times.at(-mostFailures)
      return first === undefined ? 0 : Math.ceil((first + WINDOW_MS - now()) / 1000)
    },
    failed(key) {
      const times = [...recent(key), now()].slice(-mostFailures)
      // last in the map means latest: the oldest are forgotten first
      failures.delete(key)
      forgetOldest()
      failures.set(key, times)
    },
    succeeded(key) {
      failures.delete(key)
    },
  }
}
