import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { inheritedEnvironment, ROOT } from './system/env.ts'
import { freePorts } from './system/ports.ts'

let folder = ''
const running: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openward-start-'))
})
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
  rmSync(folder, { recursive: true, force: true })
})

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.ts')], {
    cwd: ROOT,
    env: {
      ...inheritedEnvironment(),
      OPENWARD_DATA: join(folder, 'data'),
      OPENWARD_POPULATION: 'empty',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let output = ''
  const printed = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes('Press Ctrl-C')) resolve()
      })
    }
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, exited, ready: Promise.race([printed, exited]), output: () => output }
}

/** Ids of the processes that a process started, read from the system's process list. */
function childrenOf(pid: number): number[] {
  const list = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout
  return list.split('\n').flatMap((line) => {
    const [id, parent] = line.trim().split(/\s+/).map(Number)
    return parent === pid && id ? [id] : []
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('start prints where to go and who to be, a second start on the same data is refused, and Ctrl-C leaves nothing behind', async () => {
  const [port, other] = await freePorts(2)
  const first = start({ PORT: String(port) })
  await first.ready
  expect(first.output()).toContain(`http://localhost:${port}/patient`)
  expect(first.output()).toMatch(/care-manager2/)
  expect((await fetch(`http://localhost:${port}/health/ready`)).status).toBe(200)

  const second = start({ PORT: String(other) })
  expect(await second.exited).toBe(1)
  expect(second.output()).toContain(`already runs on http://localhost:${port}`)

  const processes = childrenOf(first.child.pid ?? 0)
  expect(processes.length).toBeGreaterThanOrEqual(7)
  first.child.kill('SIGINT')
  first.child.kill('SIGINT')
  expect(await first.exited).toBe(0)
  expect(processes.filter(isAlive)).toEqual([])
  expect(existsSync(join(folder, 'data/runtime.json'))).toBe(false)
  const isForOwnerOnly = (path: string) => (statSync(path).mode & 0o077) === 0
  expect(isForOwnerOnly(join(folder, 'data'))).toBe(true)
  expect(isForOwnerOnly(join(folder, 'data/secrets.json'))).toBe(true)
}, 180_000)

test('a part that dies stops everything, and says which one it was', async () => {
  const [port] = await freePorts(1)
  const system = start({ PORT: String(port) })
  await system.ready
  const processes = childrenOf(system.child.pid ?? 0)
  process.kill(processes.at(-1) ?? 0, 'SIGKILL')
  expect(await system.exited).toBe(1)
  expect(system.output()).toMatch(/The part "[a-z-]+" stopped by itself/)
  expect(processes.filter(isAlive)).toEqual([])
}, 180_000)

test('a taken port is one clear sentence and exit code 1', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const system = start({ PORT: String(port) })
  expect(await system.exited).toBe(1)
  expect(system.output().trim()).toBe(
    `Port ${port} is taken by another program. Stop that program, or choose another port: PORT=${port + 100} npm start`,
  )
  server.close()
})

test('a wrong setting names itself', async () => {
  for (const [name, value] of [
    ['PORT', '99999'],
    ['OPENWARD_POPULATION', 'huge'],
    ['FHIR_BASE_URL', 'ftp://x'],
  ] as const) {
    const system = start({ [name]: value })
    expect(await system.exited).toBe(1)
    expect(system.output()).toContain(`The setting ${name}=${value} cannot be used`)
    expect(system.output().trim().split('\n')).toHaveLength(1)
  }
})

test('a data folder that cannot be written is one clear sentence and exit code 1', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  chmodSync(file, 0o400)
  const [port] = await freePorts(1)
  const system = start({ PORT: String(port), OPENWARD_DATA: join(file, 'data') })
  expect(await system.exited).toBe(1)
  expect(system.output()).toMatch(
    /Openward cannot write to its data folder .*choose another: OPENWARD_DATA=<folder> npm start\n$/,
  )
})

test('Node older than 20 is refused in one sentence before anything is installed', () => {
  const script = readFileSync(join(ROOT, 'scripts/run.mjs'), 'utf8')
  // the real script, told that it runs on Node 18
  const old = join(folder, 'run.mjs')
  writeFileSync(
    old,
    script
      .replace('process.versions.node.split', "'18.20.0'.split")
      .replaceAll('process.versions.node}', "'18.20.0'}"),
  )
  const result = spawnSync(process.execPath, [old, 'start'], { encoding: 'utf8', cwd: folder })
  expect(result.status).toBe(1)
  expect(result.stderr.trim()).toBe(
    'Openward needs Node 20 or newer to start; this is Node 18.20.0. Get one from nodejs.org and try again.',
  )
  expect(readdirSync(folder)).toEqual(['run.mjs'])
})
