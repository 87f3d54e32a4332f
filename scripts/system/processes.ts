import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { inheritedEnvironment, ROOT } from './env.ts'

type Started = { name: string; child: ChildProcess; lastLines: string[] }

const KEPT_LINES = 25
const GRACE_MS = 6_000

/** The child processes of one running system: logs to files, one dies → all stop, nothing left behind. */
export class ProcessGroup {
  readonly #started: Started[] = []
  readonly #logFolder: string
  readonly #echo: boolean
  #isStopping = false
  /** Called once when a process ends that nobody asked to. */
  onUnexpectedExit: (name: string, lastLines: string[]) => void = () => {}

  constructor(options: { logFolder: string; echo: boolean }) {
    this.#logFolder = options.logFolder
    this.#echo = options.echo
    mkdirSync(this.#logFolder, { recursive: true })
  }

  /** Starts `node <args>` in a folder of the project. */
  start(
    name: string,
    folder: string,
    args: string[],
    environment: Record<string, string | undefined>,
  ): ChildProcess {
    const child = spawn(process.execPath, args, {
      cwd: join(ROOT, folder),
      env: { ...inheritedEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const log = createWriteStream(join(this.#logFolder, `${name}.log`), { mode: 0o600 })
    const lastLines: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`)
        lastLines.push(line)
        if (lastLines.length > KEPT_LINES) lastLines.shift()
        if (this.#echo) process.stdout.write(`[${name}] ${line}\n`)
      })
    }
    child.on('exit', () => {
      if (!this.#isStopping) this.onUnexpectedExit(name, lastLines)
    })
    this.#started.push({ name, child, lastLines })
    return child
  }

  /** Stops everything, the last started first, and waits until each is gone. */
  async stop(): Promise<void> {
    this.#isStopping = true
    const running = this.#started.filter(({ child }) => child.exitCode === null && child.signalCode === null)
    const gone = running.map(
      ({ child }) => new Promise<void>((resolve) => child.once('exit', () => resolve())),
    )
    for (const { child } of running.toReversed()) child.kill('SIGTERM')
    const force = setTimeout(() => {
      for (const { child } of running) child.kill('SIGKILL')
    }, GRACE_MS)
    await Promise.all(gone)
    clearTimeout(force)
  }
}
