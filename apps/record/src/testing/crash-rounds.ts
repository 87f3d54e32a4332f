import path from 'node:path'
import { checkFile, checkPagesAndIndexes } from './check-file.ts'
import { type Acknowledged, writeUntilKilled } from './crash-writers.ts'
import { spawnRecord, untilReady } from './record-process.ts'

export interface CrashResult {
  rounds: number
  acknowledged: number
  /** How long each start after a kill took to its first answer. */
  reopenMs: number[]
  problems: string[]
}

const CLIENTS = 8
/** Pages and indexes are compared after this many rounds, and at the end. */
const DEEP_EVERY = 25

/** Kills the record at random moments while clients write, starts it again on the same file, and looks whether all is there. */
export async function runCrashRounds(
  folder: string,
  rounds: number,
  random: () => number,
  onRound: (round: number) => void = () => {},
): Promise<CrashResult> {
  const file = path.join(folder, 'record', 'openward.sqlite')
  const acknowledged: Acknowledged[] = []
  const result: CrashResult = { rounds, acknowledged: 0, reopenMs: [], problems: [] }
  for (let round = 1; round <= rounds + 1; round += 1) {
    const startedAt = performance.now()
    const record = await spawnRecord(folder)
    await untilReady(record)
    if (round > 1) result.reopenMs.push(performance.now() - startedAt)
    result.problems.push(...checkFile(file, acknowledged))
    const isLast = round > rounds
    if (isLast || round % DEEP_EVERY === 0) result.problems.push(...checkPagesAndIndexes(file))
    if (isLast || result.problems.length > 0) {
      await record.end(isLast ? 'SIGTERM' : 'SIGKILL')
      break
    }
    const clients = Array.from({ length: CLIENTS }, (_one, client) =>
      writeUntilKilled(record.base, `${round}-${client}`, random, (done) => acknowledged.push(done)),
    )
    await new Promise((resolve) => setTimeout(resolve, 30 + random() * 500))
    await record.end('SIGKILL')
    await Promise.all(clients)
    onRound(round)
  }
  result.acknowledged = acknowledged.length
  return result
}

/** Numbers between 0 and 1 that are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
