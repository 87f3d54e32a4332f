import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'

import { runCrashRounds, seeded } from '../../apps/record/src/testing/crash-rounds.ts'
import { makeBackup } from '../backup/make-backup.ts'
import { restoreBackup } from '../backup/restore-backup.ts'
import { readSettings } from '../system/env.ts'
import { Failure } from '../system/failure.ts'
import { atLeast, atMost, type Bench, type Figure, percentile } from './bench.ts'
import { makeData } from './record-data.ts'
import { copyOf, loadedFolder } from './record-load.ts'
import { memoryMb, startRecord } from './record-servers.ts'

const USAGE = 'npm run bench -- durability [--rounds=200] [--size=200000] [--keep=<folder>]'
const ORGANIZATIONS = 'openward,lakeside'
const STARTS = 5
const SETTLE_MS = 3_000

type Wanted = { rounds: number; size: number; keep: string | undefined }

function readArguments(args: readonly string[]): Wanted {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '200' },
        size: { type: 'string', default: '200000' },
        keep: { type: 'string' },
      },
    })
    const [rounds, size] = [Number(values.rounds), Number(values.size)]
    if (Number.isInteger(rounds) && rounds > 0 && Number.isInteger(size) && size > 0)
      return { rounds, size, keep: values.keep }
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n${USAGE}`)
  }
  throw new Failure(`--rounds and --size must be whole numbers.\n${USAGE}`)
}

async function crashFigures(
  folder: string,
  rounds: number,
  log: (sentence: string) => void,
): Promise<Figure[]> {
  mkdirSync(folder)
  const { acknowledged, reopenMs, problems } = await runCrashRounds(
    folder,
    rounds,
    seeded(Date.now()),
    (round) => {
      if (round % 20 === 0) log(`${round} of ${rounds} rounds`)
    },
  )
  for (const problem of problems.slice(0, 20)) log(problem)
  const told = { what: 'acknowledged writes', value: acknowledged }
  return [
    atLeast('kills at random moments', reopenMs.length, rounds, 'rounds', told),
    atMost('lost, partial or inconsistent', problems.length, 0, 'writes', told),
    atMost('start after a kill, p50', percentile(reopenMs, 0.5) / 1000, 1, 's', {
      what: 'slowest',
      value: Math.max(...reopenMs) / 1000,
    }),
  ]
}

/** Starts on a large file, as it was stopped or killed, and the memory that it takes when nothing is asked of it. */
async function startFigures(folder: string, size: number): Promise<Figure[]> {
  const times = { SIGTERM: [] as number[], SIGKILL: [] as number[] }
  let memory = memoryMb(undefined)
  await (await startRecord(folder, ORGANIZATIONS)).stop()
  for (let start = 0; start < 2 * STARTS; start += 1) {
    const signal = start % 2 === 0 ? 'SIGKILL' : 'SIGTERM'
    const before = start % 2 === 0 ? 'SIGTERM' : 'SIGKILL'
    const server = await startRecord(folder, ORGANIZATIONS)
    times[before].push(server.startMs)
    await new Promise((done) => setTimeout(done, SETTLE_MS))
    memory = memoryMb(server.pid)
    const headers = { ...server.headers, 'content-type': 'application/fhir+json' }
    await fetch(`${server.url.href}/Location`, {
      method: 'POST',
      headers,
      body: '{"resourceType":"Location"}',
    })
    await server.stop(signal)
  }
  const figure = (how: string, all: number[]) =>
    atMost(`start on ${size} resources after ${how}, p50`, percentile(all, 0.5) / 1000, 1, 's', {
      what: 'slowest',
      value: Math.max(...all) / 1000,
    })
  return [
    figure('a clean stop', times.SIGTERM),
    figure('kill -9', times.SIGKILL),
    atMost('resident memory, idle', memory.resident, 250, 'MB', {
      what: 'not counting files',
      value: memory.own,
    }),
  ]
}

function diskFigure(folder: string): Figure {
  const record = join(folder, 'record')
  const bytes = readdirSync(record).reduce((sum, name) => sum + statSync(join(record, name)).size, 0)
  const db = new DatabaseSync(join(record, 'openward.sqlite'), { readOnly: true })
  const ndjson = db
    .prepare('SELECT sum(length(CAST(body AS BLOB)) + 1) AS bytes FROM res WHERE del = 0')
    .get()
  db.close()
  return atMost('disk, compared with the NDJSON', bytes / Number(ndjson?.['bytes']), 3, 'times', {
    what: 'MB on disk',
    value: bytes / 1024 / 1024,
  })
}

/** A backup of the large file and its restore, both read back; they compare content and hashes themselves. */
async function backupFigures(folder: string, data: string): Promise<Figure[]> {
  const source = join(folder, 'backup.tar')
  const events = { onStep: () => {}, onProgress: () => {} }
  const startedAt = performance.now()
  const { bytes } = await makeBackup(data, source, events)
  const backedUpAt = performance.now()
  restoreBackup({
    ...events,
    dataFolder: join(folder, 'restored'),
    source,
    replace: false,
    fingerprint: undefined,
  })
  const size = { what: 'MB', value: bytes / 1024 / 1024 }
  return [
    atMost('backup, read back', (backedUpAt - startedAt) / 1000, 60, 's', size),
    atMost('restore, read back', (performance.now() - backedUpAt) / 1000, 60, 's', size),
  ]
}

/** What is left after crashes, and what safety costs in time and space. */
export const bench: Bench = {
  name: 'durability',
  what: 'kill -9 under writes, starts on a large file, memory, disk, backup and restore',
  builds: '@openward/record',
  async run({ folder, log, args }) {
    const { rounds, size, keep } = readArguments(args)
    const figures = await crashFigures(join(folder, 'crash'), rounds, log)
    const store = keep === undefined ? folder : resolve(readSettings().workingFolder, keep)
    mkdirSync(store, { recursive: true })
    const loaded = await loadedFolder(store, makeData(store, size, log), size, log)
    const data = copyOf(loaded, join(folder, 'copy'))
    figures.push(
      diskFigure(data),
      ...(await startFigures(data, size)),
      ...(await backupFigures(folder, data)),
    )
    return figures
  },
}
