import type { AuditEvent } from '@medplum/fhirtypes'
import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'

import type { AuditSpool } from './audit-spool.ts'

export const MOST_PER_MINUTE = 20
const WINDOW_MS = 60_000
const MOST_ADDRESSES = 10_000
/** Shares one count when more addresses knock than are told apart. */
const EVERYONE_ELSE = 'many addresses'

type Failed = { address: string; organization: string; event: AuditEvent }
type Window = { sinceMs: number; count: number; last: Failed }

export type FailedSignIns = {
  /** Records one failed sign-in: by itself, or beyond `MOST_PER_MINUTE` of an address as part of a sum. */
  add: (failed: Failed) => Promise<void>
  /** Records the sums that are still open. */
  stop: () => Promise<void>
}

/** What an address did beyond the events that stand by themselves: one event that says how many there were. */
function sumOf({ count, sinceMs, last }: Window, nowMs: number): AuditEvent & { id: string } {
  const { entity: _oneRequest, ...event } = last.event
  const since = new Date(sinceMs).toISOString()
  return {
    ...event,
    id: randomUUID(),
    recorded: new Date(nowMs).toISOString(),
    period: { start: since, end: new Date(nowMs).toISOString() },
    outcomeDesc: `${count - MOST_PER_MINUTE} more failed sign-ins from one address`,
    agent: event.agent.map((agent, index) =>
      index === 0 ? { ...agent, who: { display: 'unknown' }, network: { address: last.address } } : agent,
    ),
  }
}

/** Failed sign-ins for the audit trail, bounded for each address: garbage must not fill the record. */
export function createFailedSignIns(spool: AuditSpool, log: Logger, now: () => number): FailedSignIns {
  const windows = new Map<string, Window>()

  async function close(key: string, window: Window): Promise<void> {
    windows.delete(key)
    if (window.count <= MOST_PER_MINUTE) return
    await spool.append({ organization: window.last.organization, event: sumOf(window, now()) })
  }

  async function closeAll(isDue: (window: Window) => boolean): Promise<void> {
    const due = [...windows].filter(([, window]) => isDue(window))
    await Promise.all(due.map(([key, window]) => close(key, window)))
  }

  const closeDue = () => closeAll(({ sinceMs }) => now() - sinceMs >= WINDOW_MS)
  const timer = setInterval(() => {
    closeDue().catch((err: unknown) => log.error({ err }, 'failed sign-ins could not be summed up'))
  }, WINDOW_MS / 4).unref()

  async function add(failed: Failed): Promise<void> {
    const own = JSON.stringify([failed.address, failed.organization])
    const isToldApart = windows.has(own) || windows.size < MOST_ADDRESSES
    const key = isToldApart ? own : EVERYONE_ELSE
    const known = windows.get(key)
    if (known && now() - known.sinceMs >= WINDOW_MS) await close(key, known)
    const window = windows.get(key) ?? { sinceMs: now(), count: 0, last: failed }
    windows.set(key, window)
    window.count += 1
    window.last = isToldApart ? failed : { ...failed, address: EVERYONE_ELSE }
    if (window.count > MOST_PER_MINUTE) return
    await spool.append({ organization: failed.organization, event: { ...failed.event, id: randomUUID() } })
  }

  async function stop(): Promise<void> {
    clearInterval(timer)
    await closeAll(() => true)
  }
  return { add, stop }
}
