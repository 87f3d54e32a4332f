import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

import { inheritedEnvironment, ROOT } from '../system/env.ts'
import { Failure } from '../system/failure.ts'
import { freePorts } from '../system/ports.ts'

const SECRET = 'a-secret-of-the-bench-0123456789'
const START_PATIENCE_MS = 120_000
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10

/** A FHIR base under test. */
export type Server = {
  url: URL
  headers: Record<string, string>
  /** The process that listens, when it is on this machine. */
  pid: number | undefined
}

export type OwnServer = Server & {
  pid: number
  /** From the start of the process to its first answer over FHIR. */
  startMs: number
  stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
}

async function untilAnswer(url: string, headers: Record<string, string>, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS
  while (Date.now() < deadline && child.exitCode === null) {
    const isThere = await fetch(url, { headers }).then(
      async (response) => {
        await response.arrayBuffer()
        return response.status < 500
      },
      () => false,
    )
    if (isThere) return
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  child.kill('SIGKILL')
  throw new Failure('A server of the bench did not start.')
}

async function start(
  args: string[],
  environment: Record<string, string>,
  url: URL,
  headers: Record<string, string>,
  firstQuestion: string,
): Promise<OwnServer> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await untilAnswer(`${url.href}${firstQuestion}`, headers, child)
  return {
    url,
    headers,
    pid: child.pid ?? 0,
    startMs: performance.now() - startedAt,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

/** The embedded record on its own, with the data folder it is given. */
export async function startRecord(dataFolder: string, organizations = 'openward'): Promise<OwnServer> {
  const [port = 0] = await freePorts(1)
  const environment = {
    OPENWARD_DATA: dataFolder,
    RECORD_PORT: String(port),
    RECORD_SECRET: SECRET,
    RECORD_ORGANIZATIONS: organizations,
    LOG_LEVEL: 'error',
  }
  const url = new URL(`http://127.0.0.1:${port}/openward`)
  const headers = { authorization: `Bearer ${SECRET}` }
  return start([join(ROOT, 'apps/record/src/main.ts')], environment, url, headers, '/Patient?_count=1')
}

export async function startControl(file: string): Promise<OwnServer> {
  const [port = 0] = await freePorts(1)
  const script = new URL('./record-control.ts', import.meta.url).pathname
  return start([script, file, String(port)], {}, new URL(`http://127.0.0.1:${port}`), {}, '/none')
}

/** The process that listens on a port of this machine, as far as we may see it. */
export function pidOf(url: URL): number | undefined {
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return undefined
  const port = Number(url.port || 80)
    .toString(16)
    .toUpperCase()
    .padStart(4, '0')
  try {
    const listening = ['tcp', 'tcp6'].flatMap((table) =>
      readFileSync(`/proc/net/${table}`, 'utf8').split('\n'),
    )
    const inode = listening
      .map((line) => line.trim().split(/\s+/))
      .find(([, local, , state]) => state === '0A' && local?.endsWith(`:${port}`))?.[9]
    if (inode === undefined) return undefined
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((pid) => holds(pid, `socket:[${inode}]`))
  } catch {
    return undefined
  }
}

function holds(pid: number, wanted: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === wanted)
  } catch {
    return false
  }
}

/** Processor time that a process has used, in milliseconds. */
export function cpuMs(pid: number | undefined): number {
  if (pid === undefined) return Number.NaN
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return Number.NaN
  }
}

/** Resident memory in MB: all of it, and the part that is not pages of files. */
export function memoryMb(pid: number | undefined): { resident: number; own: number } {
  try {
    const status = readFileSync(`/proc/${pid ?? 'none'}/status`, 'utf8')
    const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024
    return { resident: of('VmRSS'), own: of('RssAnon') }
  } catch {
    return { resident: Number.NaN, own: Number.NaN }
  }
}
