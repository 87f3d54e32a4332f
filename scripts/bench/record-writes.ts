import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import { percentile } from './bench.ts'
import { Driver, type Template } from './record-driver.ts'
import type { Asked } from './record-measure.ts'
import {
  bodiesToCreate,
  createsOf,
  makeChanging,
  type Query,
  readsOf,
  seededNumbers,
  shuffled,
  transactionsOf,
  updatesOf,
} from './record-queries.ts'
import { type OwnServer, type Server, startRecord } from './record-servers.ts'

const CLIENTS = 16
const CREATES_MS = 5_000
const STALL_MS = 4_000
const TRANSACTION = 100
/** Parts of a hundred of the mixed load; the rest are reads and searches, all alike. */
const MIXED = { create: 5, update: 5, transaction: 1 }

/** The writing kinds of requests, and everything together as it may arrive in an ordinary minute. */
export async function writesAt(
  driver: Driver,
  {
    side,
    server,
    queries,
    dataFile,
    size,
  }: { side: string; server: Server; queries: Query[]; dataFile: string; size: number },
): Promise<Asked[]> {
  const bodies = bodiesToCreate(dataFile, size, 5 * TRANSACTION)
  const creates = createsOf(server, bodies)
  const updates = updatesOf(server)
  const transactions = transactionsOf(server, bodies, TRANSACTION)
  await driver.run({
    url: server.url.href,
    requests: [makeChanging(server)],
    from: 0,
    clients: CLIENTS,
    count: CLIENTS,
  })
  const reads = queries.flatMap(({ paths }) => readsOf(server, paths.slice(0, 30)))
  const random = seededNumbers(1)
  const pick = (list: Template[]) => list[Math.floor(random() * list.length)] ?? { text: '' }
  const mixed = Array.from({ length: 1_000 }, (_one, at) => {
    const part = at % 100
    if (part < MIXED.create) return pick(creates)
    if (part < MIXED.create + MIXED.update) return pick(updates)
    return part < MIXED.create + MIXED.update + MIXED.transaction ? pick(transactions) : pick(reads)
  })
  return [
    { side, server, query: 'create', requests: creates },
    { side, server, query: 'update with If-Match', requests: updates },
    { side, server, query: `transaction of ${TRANSACTION}`, requests: transactions },
    { side, server, query: 'mixed load', requests: shuffled(mixed, random) },
  ]
}

/** The slowest hundredth of reads, alone and while another client sends one transaction after the other. */
export async function readersUnderWrites(
  driver: Driver,
  server: Server,
  { reads, bodies }: { reads: Template[]; bodies: string[] },
): Promise<{ aloneMs: number; meanwhileMs: number; transactionMs: number }> {
  const url = server.url.href
  const job = { url, requests: reads, from: 0, clients: 1, durationMs: STALL_MS }
  const alone = await driver.run(job)
  const writer = new Driver()
  try {
    const requests = transactionsOf(server, bodies, TRANSACTION)
    const writing = writer.run({ url, requests, from: 0, clients: 1, durationMs: STALL_MS })
    const [meanwhile, { ms }] = await Promise.all([driver.run(job), writing])
    return {
      aloneMs: percentile(alone.ms, 0.99),
      meanwhileMs: percentile(meanwhile.ms, 0.99),
      transactionMs: percentile(ms, 0.5),
    }
  } finally {
    await writer.stop()
  }
}

/** Single creates by 16 clients, each answered after it is durable; the middle of three times. */
export async function createsPerSecond(driver: Driver, server: Server, bodies: string[]): Promise<number> {
  const requests = createsOf(server, bodies)
  const job = { url: server.url.href, requests, from: 0, clients: CLIENTS, durationMs: CREATES_MS / 2 }
  const times: number[] = []
  for (let time = 0; time < 3; time++) {
    const { ms, seconds } = await driver.run(job)
    times.push(ms.length / seconds)
  }
  return percentile(times, 0.5)
}

/** Kills a record in the midst of creates, starts it again, and counts what was acknowledged and is not there. */
export async function lostAfterKill(
  driver: Driver,
  server: OwnServer,
  dataFolder: string,
  bodies: string[],
): Promise<{ acknowledged: number; lost: number }> {
  const timer = setTimeout(() => void server.stop('SIGKILL'), CREATES_MS / 2)
  const job = { url: server.url.href, from: 0, clients: CLIENTS, durationMs: CREATES_MS }
  const { kept } = await driver.run({ ...job, requests: createsOf(server, bodies), keeps: 'location' })
  clearTimeout(timer)
  await server.stop('SIGKILL')
  const again = await startRecord(dataFolder)
  try {
    const paths = kept.map((location) =>
      location.replace(/^.*?\/([A-Z][A-Za-z]+\/[^/]+)\/_history\/.*$/, '$1'),
    )
    const requests = readsOf(again, paths)
    const { failed } = await driver.run({ ...job, url: again.url.href, requests, count: requests.length })
    const lost = Object.values(failed).reduce((sum, count) => sum + count, 0)
    return { acknowledged: kept.length, lost }
  } finally {
    await again.stop()
  }
}

/** What the disk itself takes to make 4 KB durable, in milliseconds. */
export function syncMs(folder: string): number {
  const file = join(folder, 'sync')
  const descriptor = openSync(file, 'w')
  const bytes = Buffer.alloc(4096, 1)
  const times: number[] = []
  for (let sample = 0; sample < 100; sample++) {
    const startedAt = performance.now()
    writeSync(descriptor, bytes)
    fsyncSync(descriptor)
    times.push(performance.now() - startedAt)
  }
  closeSync(descriptor)
  rmSync(file)
  return percentile(times, 0.5)
}
