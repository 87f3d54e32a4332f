import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { Failure } from '../system/failure.ts'
import { readSynthea, syntheaFiles } from './record-data.ts'
import { Driver, type Template } from './record-driver.ts'
import { readsOf, transactionOf } from './record-queries.ts'
import { type Server, startRecord } from './record-servers.ts'

/** Entries of one transaction, and how many are on their way at once, as the import sends them. */
const ENTRIES = 200
const LANES = 3
/** Transactions handed over at once, so that the data is never in memory as a whole. */
const PORTION = 30
const IMPORT_SECONDS = 20

type Row = { type: string; id: string; body: string }

async function send(driver: Driver, server: Server, requests: Template[]): Promise<number> {
  const lanes = Math.min(LANES, requests.length)
  const job = { url: server.url.href, requests, from: 0, clients: lanes, count: requests.length }
  const { failed, isCutOff, seconds } = await driver.run(job)
  const [status] = Object.keys(failed)
  if (status !== undefined || isCutOff)
    throw new Failure(`${server.url.href} did not take the data (${status ?? 'it closed the connection'}).`)
  return seconds
}

async function isLoaded(driver: Driver, server: Server, last: Row): Promise<boolean> {
  const requests = readsOf(server, [`${last.type}/${last.id}`])
  const { failed } = await driver.run({ url: server.url.href, requests, from: 0, clients: 1, count: 1 })
  return Object.keys(failed).length === 0
}

/** Brings the first `size` resources of a data file into a server, unless they are there. Resources per second, or undefined. */
export async function load(server: Server, dataFile: string, size: number): Promise<number | undefined> {
  const driver = new Driver()
  const db = new DatabaseSync(dataFile, { readOnly: true })
  try {
    const last = db.prepare('SELECT type, id, body FROM resource WHERE n = ?').get(size) as Row | undefined
    if (last !== undefined && (await isLoaded(driver, server, last))) return undefined
    let seconds = 0
    let requests: Template[] = []
    let entries: string[] = []
    const flush = async () => {
      if (requests.length > 0) seconds += await send(driver, server, requests)
      requests = []
    }
    for (const row of db
      .prepare('SELECT type, id, body FROM resource WHERE n <= ? ORDER BY n')
      .iterate(size)) {
      const { type, id, body } = row as Row
      entries.push(`{"resource":${body},"request":{"method":"PUT","url":"${type}/${id}"}}`)
      if (entries.length === ENTRIES) {
        requests.push(transactionOf(server, entries))
        entries = []
        if (requests.length === PORTION) await flush()
      }
    }
    if (entries.length > 0) requests.push(transactionOf(server, entries))
    await flush()
    return size / seconds
  } finally {
    db.close()
    await driver.stop()
  }
}

/** A data folder of the embedded record with so many resources in it; made once, copied by who changes it. */
export async function loadedFolder(
  store: string,
  dataFile: string,
  size: number,
  log: (sentence: string) => void,
): Promise<string> {
  const folder = join(store, `loaded-${size}`)
  if (existsSync(folder)) return folder
  log(`loading ${size} resources into an embedded record`)
  const unfinished = `${folder}.part`
  rmSync(unfinished, { recursive: true, force: true })
  const server = await startRecord(unfinished)
  try {
    const perSecond = await load(server, dataFile, size)
    log(`loaded ${size} resources, ${Math.round(perSecond ?? 0)} per second`)
  } finally {
    await server.stop()
  }
  renameSync(unfinished, folder)
  return folder
}

export function copyOf(folder: string, target: string): string {
  cpSync(folder, target, { recursive: true })
  return target
}

/** Posts the Synthea bundles as they are, for a while. Resources per second; undefined where the bundles are not there. */
export async function importSynthea(server: Server): Promise<number | undefined> {
  const driver = new Driver()
  let resources = 0
  let seconds = 0
  try {
    for (const [at, file] of syntheaFiles().entries()) {
      const bundle = readSynthea(file)
      const { entry } = JSON.parse(bundle) as { entry: unknown[] }
      seconds += await send(driver, server, [transactionOf(server, bundle)])
      // the first two bring the hospitals and their people and warm up
      if (at < 2) seconds = 0
      else resources += entry.length
      if (seconds > IMPORT_SECONDS) break
    }
  } finally {
    await driver.stop()
  }
  return resources === 0 ? undefined : resources / seconds
}
