import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { inheritedEnvironment, ROOT } from '../system/env.ts'
import { atMost, type Bench } from './bench.ts'

const ROUNDS = 10

/** Test files that draw examples, by workspace. */
function drawingTests(): Map<string, string[]> {
  const files = globSync(['apps/*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts'], { cwd: ROOT }).filter(
    (file) => readFileSync(join(ROOT, file), 'utf8').includes("from 'fast-check'"),
  )
  return Map.groupBy(files.toSorted(), (file) => file.split('/').slice(0, 2).join('/'))
}

/** `npm test` asks the same questions each time; here new ones are drawn at each round. */
export const bench: Bench = {
  name: 'properties',
  what: 'every test that draws examples, again and again with new ones',
  run({ log }) {
    const failures: string[] = []
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [workspace, files] of drawingTests()) {
        const inside = files.map((file) => file.slice(workspace.length + 1))
        const { status, stdout } = spawnSync('vitest', ['run', '--reporter=dot', ...inside], {
          cwd: join(ROOT, workspace),
          env: inheritedEnvironment(),
          encoding: 'utf8',
        })
        if (status === 0) continue
        failures.push(workspace)
        log(`round ${round}, ${workspace}:\n${stdout.split('\n').slice(-80).join('\n')}`)
      }
      log(`round ${round} of ${ROUNDS}: ${failures.length} failures so far`)
    }
    return Promise.resolve([atMost(`failures in ${ROUNDS} rounds of new examples`, failures.length, 0, '')])
  },
}
