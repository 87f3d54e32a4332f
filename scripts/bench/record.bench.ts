import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { readSettings } from '../system/env.ts'
import { atLeast, atMost, type Bench, type Figure, percentile } from './bench.ts'
import { type RecordArguments, readArguments } from './record-arguments.ts'
import { makeData } from './record-data.ts'
import { Driver } from './record-driver.ts'
import { exportPerSecond } from './record-export.ts'
import { figuresOf, rowsOf } from './record-figures.ts'
import { copyOf, importSynthea, load, loadedFolder } from './record-load.ts'
import { type Asked, measure, type Measured, probe } from './record-measure.ts'
import { bodiesToCreate, makeQueries, type Query, readsOf } from './record-queries.ts'
import { memoryMb, type OwnServer, pidOf, type Server, startControl, startRecord } from './record-servers.ts'
import { createsPerSecond, lostAfterKill, readersUnderWrites, syncMs, writesAt } from './record-writes.ts'

type Side = { name: string; server: Server; size: number; queries: Query[] }

type Context = Parameters<Bench['run']>[0] & { settings: RecordArguments; dataFile: string; driver: Driver }

/** All kinds of requests at all sides, in turns, with the control among them. */
async function measureSides(context: Context, sides: readonly Side[], control: Server): Promise<Measured[]> {
  const { driver, settings, dataFile, log } = context
  const paths = sides.at(-1)?.queries[0]?.paths ?? []
  const bare = {
    side: 'bare node:http',
    server: control,
    query: 'read Patient',
    requests: readsOf(control, paths),
  }
  const reads = sides.flatMap(({ name: side, server, queries }) =>
    queries.map(({ name: query, paths: own }): Asked => ({
      side,
      server,
      query,
      requests: readsOf(server, own),
    })),
  )
  const measured: Measured[] = []
  const answered = await probe(driver, [bare, ...reads])
  for (const [{ side, query }, entries] of answered)
    if (entries === null) log(`${side}: ${query} is not supported`)
  const supported = [...answered].filter(([, entries]) => entries !== null).map(([one]) => one)
  const chosen = settings.parts.has('queries') ? supported : [bare]
  measured.push(...(await measure(driver, chosen, answered, settings.rounds)))
  if (!settings.parts.has('writes')) return measured
  const writes: Asked[] = []
  for (const { name: side, server, queries, size } of sides) {
    const known = new Set(supported.filter((one) => one.side === side).map(({ query }) => query))
    const own = queries.filter(({ name }) => known.has(name))
    writes.push(...(await writesAt(driver, { side, server, queries: own, dataFile, size })))
  }
  return [...measured, ...(await measure(driver, writes, new Map(), Math.ceil(settings.rounds / 3)))]
}

/** What only one server at a time can be asked, at its full size. */
async function writeFigures(context: Context, { name, server, size, queries }: Side): Promise<Figure[]> {
  const { driver, dataFile, folder } = context
  const bodies = bodiesToCreate(dataFile, size, 1_000)
  const reads = readsOf(server, queries.find(({ name: query }) => query === 'read Patient')?.paths ?? [])
  const sync = { what: 'making 4 KB durable, ms', value: syncMs(folder) }
  const created = await createsPerSecond(driver, server, bodies)
  const { aloneMs, meanwhileMs, transactionMs } = await readersUnderWrites(driver, server, { reads, bodies })
  return [
    atLeast(`${name}: durable creates, 16 clients`, created, 1_500, '/s', sync),
    atMost(`${name}: reads while transactions of 100 run, p99`, meanwhileMs, 10, 'ms', {
      what: `alone ${aloneMs.toFixed(2)} ms; a transaction, p50 ms`,
      value: transactionMs,
    }),
  ]
}

async function transferFigures(
  context: Context,
  name: string,
  server: Server,
  empty: Server,
): Promise<Figure[]> {
  const exported = await exportPerSecond(server)
  if (exported === undefined) context.log(`${name}: $export is not supported`)
  const imported = await importSynthea(empty)
  return [
    ...(exported === undefined ? [] : [atLeast(`${name}: $export`, exported, 50_000, 'resources/s')]),
    ...(imported === undefined
      ? []
      : [atLeast(`${name}: import of the Synthea bundles`, imported, 1_000, 'resources/s')]),
  ]
}

async function ownRecord(context: Context, sizes: readonly number[]): Promise<[Figure[], Measured[]]> {
  const { settings, dataFile, folder, driver, log } = context
  const store = settings.keep === undefined ? folder : resolve(readSettings().workingFolder, settings.keep)
  const control = await startControl(dataFile)
  const servers: OwnServer[] = [control]
  const figures: Figure[] = []
  try {
    const sides: Side[] = []
    for (const size of sizes) {
      const data = copyOf(await loadedFolder(store, dataFile, size, log), join(folder, `run-${size}`))
      if (size === sizes.at(-1) && settings.parts.has('limits'))
        figures.push(...(await startFigures(data, control)))
      const server = await startRecord(data)
      servers.push(server)
      sides.push({ name: `record, ${size}`, server, size, queries: makeQueries(dataFile, size) })
    }
    const measured = await measureSides(context, sides, control)
    const large = sides.at(-1)
    const own = servers.at(-1)
    if (large === undefined || own === undefined) return [figures, measured]
    if (settings.parts.has('writes')) figures.push(...(await writeFigures(context, large)))
    if (settings.parts.has('limits')) {
      const empty = await startRecord(join(folder, 'empty'))
      servers.push(empty)
      figures.push(...(await transferFigures(context, large.name, own, empty)))
      const { resident } = memoryMb(own.pid)
      log(`resident memory at the end of the run: ${Math.round(resident)} MB`)
      const bodies = bodiesToCreate(dataFile, large.size, 1_000)
      const { acknowledged, lost } = await lostAfterKill(
        driver,
        own,
        join(folder, `run-${large.size}`),
        bodies,
      )
      const beside = { what: 'acknowledged', value: acknowledged }
      figures.push(atMost('acknowledged creates lost by kill -9', lost, 0, 'creates', beside))
    }
    return [figures, measured]
  } finally {
    for (const server of servers) await server.stop()
  }
}

async function startFigures(dataFolder: string, control: OwnServer): Promise<Figure[]> {
  const times: number[] = []
  let memory = { resident: Number.NaN, own: Number.NaN }
  for (let start = 0; start < 3; start++) {
    const server = await startRecord(dataFolder)
    times.push(server.startMs)
    await new Promise((done) => setTimeout(done, 3_000))
    memory = memoryMb(server.pid)
    await server.stop()
  }
  const typical = percentile(times, 0.5)
  return [
    atMost('start to first answer', typical / 1000, 1, 's', {
      what: 'bare node:http, s',
      value: control.startMs / 1000,
    }),
    atMost('resident memory, idle', memory.resident, 250, 'MB', {
      what: 'not counting files',
      value: memory.own,
    }),
  ]
}

async function namedServers(context: Context, sizes: readonly number[]): Promise<[Figure[], Measured[]]> {
  const { settings, dataFile, log } = context
  const control = await startControl(dataFile)
  const measured: Measured[] = []
  const figures: Figure[] = []
  try {
    for (const size of sizes) {
      const sides: Side[] = []
      for (const { url, headers } of settings.servers) {
        const server = { url, headers, pid: pidOf(url) }
        log(`bringing ${size} resources to ${url.href}`)
        const perSecond = await load(server, dataFile, size)
        log(perSecond === undefined ? 'they are there already' : `${Math.round(perSecond)} per second`)
        sides.push({
          name: `${url.host}${url.pathname}, ${size}`,
          server,
          size,
          queries: makeQueries(dataFile, size),
        })
      }
      measured.push(...(await measureSides(context, sides, control)))
      if (size !== sizes.at(-1)) continue
      for (const side of sides) {
        const { resident } = memoryMb(side.server.pid)
        if (!Number.isNaN(resident)) log(`${side.name}: resident memory ${Math.round(resident)} MB`)
        if (settings.parts.has('writes')) figures.push(...(await writeFigures(context, side)))
        if (settings.parts.has('limits'))
          figures.push(...(await transferFigures(context, side.name, side.server, side.server)))
      }
    }
    return [figures, measured]
  } finally {
    await control.stop()
  }
}

/** The embedded record, or any FHIR servers that are named, under one seeded load. */
export const bench: Bench = {
  name: 'record',
  what: 'reading, searching and writing over HTTP, validation and durability on',
  builds: '@openward/record',
  async run(common) {
    const settings = readArguments(common.args)
    const { sizes, servers, keep } = settings
    const store = keep === undefined ? common.folder : resolve(readSettings().workingFolder, keep)
    mkdirSync(store, { recursive: true })
    const dataFile = makeData(store, sizes.at(-1) ?? 0, common.log)
    const driver = new Driver()
    try {
      const context: Context = { ...common, settings, dataFile, driver }
      const [figures, measured] = await (servers.length === 0 ? ownRecord : namedServers)(context, sizes)
      common.table('All kinds of requests, in milliseconds and answers per second', rowsOf(measured))
      return [...figuresOf(measured, sizes, makeQueries(dataFile, 1_000)), ...figures]
    } finally {
      await driver.stop()
    }
  },
}
