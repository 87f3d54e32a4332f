import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort, SECRET } from './record.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

export interface RecordProcess {
  child: ChildProcess
  base: string
  /** What it said before it ended. */
  sentence: () => string
  /** Sends a signal and waits for the end; gives the exit code. */
  end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>
}

/** The record as it is really started: a process of its own. `limit` is a shell's `ulimit` option, for a disk that gives up. */
export async function spawnRecord(
  folder: string,
  options: { env?: Record<string, string>; flags?: readonly string[]; limit?: string } = {},
): Promise<RecordProcess> {
  const port = await freePort()
  const env = {
    ...process.env,
    RECORD_PORT: String(port),
    RECORD_SECRET: SECRET,
    OPENWARD_DATA: folder,
    LOG_LEVEL: 'silent',
    ...options.env,
  }
  const node = [process.execPath, ...(options.flags ?? []), MAIN]
  const [command = '', ...args] =
    options.limit === undefined ? node : ['sh', '-c', `ulimit ${options.limit}; exec "$@"`, 'sh', ...node]
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return {
    child,
    base: `http://127.0.0.1:${port}/openward`,
    sentence: () => stderr.trim(),
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit')
        child.kill(signal)
        await exited
      }
      return child.exitCode
    },
  }
}

/** Waits for the first answer; fails when the process ends before. */
export async function untilReady({ child, base, sentence }: RecordProcess): Promise<void> {
  const health = base.replace('/openward', '/health')
  while (child.exitCode === null && child.signalCode === null) {
    const isUp = await fetch(health).then(
      async (response) => (await response.text()) !== '' && response.ok,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`The record did not start: ${sentence()}`)
}
