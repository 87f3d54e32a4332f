import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

import { inheritedEnvironment, ROOT } from './env.ts'
import { Failure } from './failure.ts'

/** Builds what changed (portals, FHIR definitions); nothing changed takes about a second. */
export async function build(onLine: (line: string) => void): Promise<void> {
  const lines: string[] = []
  const child = spawn('turbo', ['run', 'build', '--output-logs=new-only', '--concurrency=2'], {
    cwd: ROOT,
    env: { ...inheritedEnvironment(), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      onLine(line)
    })
  }
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Failure(`${lines.slice(-60).join('\n')}\nThe build did not finish.`)
}
