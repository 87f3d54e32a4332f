import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

import { inheritedEnvironment, ROOT } from './env.ts'
import { Failure } from './failure.ts'

/** Builds what changed (portals, FHIR definitions), or `only` one workspace of it; nothing changed takes about a second. */
export async function build(onLine: (line: string) => void, only?: string): Promise<void> {
  const lines: string[] = []
  const filter = only === undefined ? [] : [`--filter=${only}`]
  const child = spawn('turbo', ['run', 'build', '--output-logs=new-only', '--concurrency=2', ...filter], {
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
