import { percentile } from './bench.ts'
import type { Driver, Template } from './record-driver.ts'
import { seededNumbers, shuffled } from './record-queries.ts'
import { cpuMs, type Server } from './record-servers.ts'

/** One kind of request at one server. */
export type Asked = { side: string; server: Server; query: string; requests: Template[] }

export type Measured = {
  side: string
  query: string
  /** Resources in an answer, on average; NaN for writes. */
  entries: number
  p50: number
  p95: number
  p99: number
  /** The p95 of a turn, as it is in the middle of all turns: what else the machine does for a while does not move it. */
  steadyP95: number
  /** Answers per second with one client and with 16. */
  one: number
  sixteen: number
  /** Processor time of the server per request, with 16 clients; NaN when it is elsewhere. */
  cpuMsPerRequest: number
}

const PER_TURN = 20
const WARM_UP_ROUNDS = 3
const BURST_MS = 250
const BURSTS = 3

type Samples = { ms: number[]; turns: number[]; one: number[]; sixteen: number[]; cpu: number[] }

/** Those that the server answers, and how many resources each answer holds; null for those that it refuses. */
export async function probe(driver: Driver, asked: readonly Asked[]): Promise<Map<Asked, number | null>> {
  const found = new Map<Asked, number | null>()
  for (const one of asked) {
    const { failed, kept } = await driver.run({
      url: one.server.url.href,
      requests: one.requests,
      from: 0,
      clients: 1,
      count: Math.min(20, one.requests.length),
      keeps: 'body',
    })
    const entries = kept.reduce((sum, body) => sum + entriesOf(body), 0)
    found.set(one, Object.keys(failed).length > 0 ? null : entries / kept.length)
  }
  return found
}

function entriesOf(body: string): number {
  const answer = (body === '' ? {} : JSON.parse(body)) as { resourceType?: string; entry?: unknown[] }
  return answer.resourceType === 'Bundle' ? (answer.entry ?? []).length : 1
}

/**
 * Measures kinds of requests at several servers in turns, so that what else the machine does falls on all alike:
 * first one at a time for the distribution, then as many as go for the throughput.
 */
export async function measure(
  driver: Driver,
  asked: readonly Asked[],
  entries: ReadonlyMap<Asked, number | null>,
  rounds: number,
): Promise<Measured[]> {
  const random = seededNumbers(rounds)
  const samples = new Map<Asked, Samples>(
    asked.map((one) => [one, { ms: [], turns: [], one: [], sixteen: [], cpu: [] }]),
  )
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const [one, taken] of shuffled([...samples], random)) {
      const from = Math.max(0, round) * PER_TURN
      const job = { url: one.server.url.href, requests: one.requests, from, clients: 1, count: PER_TURN }
      const { ms, failed } = await driver.run(job)
      requireAnswers(one, failed)
      if (round < 0) continue
      taken.ms.push(...ms)
      taken.turns.push(percentile(ms, 0.95))
    }
  }
  for (let burst = 0; burst < BURSTS; burst++) {
    for (const [one, taken] of shuffled([...samples], random)) {
      const alone = await burstOf(driver, one, 1)
      taken.one.push(alone.perSecond)
      const together = await burstOf(driver, one, 16)
      taken.sixteen.push(together.perSecond)
      taken.cpu.push(together.cpuMsPerRequest)
    }
  }
  return [...samples].map(([one, { ms, turns, one: alone, sixteen, cpu }]) => ({
    side: one.side,
    query: one.query,
    entries: entries.get(one) ?? Number.NaN,
    p50: percentile(ms, 0.5),
    p95: percentile(ms, 0.95),
    p99: percentile(ms, 0.99),
    steadyP95: percentile(turns, 0.5),
    one: percentile(alone, 0.5),
    sixteen: percentile(sixteen, 0.5),
    cpuMsPerRequest: percentile(cpu, 0.5),
  }))
}

async function burstOf(driver: Driver, one: Asked, clients: number) {
  const before = cpuMs(one.server.pid)
  const job = { url: one.server.url.href, requests: one.requests, from: 0, clients, durationMs: BURST_MS }
  const { ms, seconds, failed } = await driver.run(job)
  requireAnswers(one, failed)
  const used = cpuMs(one.server.pid) - before
  return { perSecond: ms.length / seconds, cpuMsPerRequest: used / ms.length }
}

function requireAnswers({ side, query }: Asked, failed: Record<number, number>): void {
  const [status] = Object.keys(failed)
  if (status !== undefined) throw new Error(`${side} answered ${status} to ${query}`)
}
