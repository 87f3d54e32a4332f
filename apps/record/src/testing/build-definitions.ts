import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Tests run on a fresh checkout too: the compacted definitions are made when they are not there. */
export function setup(): void {
  const folder = fileURLToPath(new URL('../../', import.meta.url))
  const isMade = ['definitions', 'terminology'].every((name) => existsSync(`${folder}generated/${name}.json`))
  if (!isMade) execFileSync(process.execPath, ['scripts/compact-definitions.ts'], { cwd: folder })
}
