import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { ROOT } from './env.ts'
import { Failure } from './failure.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

function installed(path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    for (const name of NAMES) if (existsSync(join(folder, name))) return join(folder, name)
  }
  return MAC_APPS.find((app) => existsSync(app))
}

function run(command: string, args: string[], cwd = ROOT): boolean {
  return spawnSync(command, args, { cwd, stdio: ['ignore', process.stderr, process.stderr] }).status === 0
}

/**
 * Finds a browser for the flows: the one named by OPENWARD_CHROMIUM, an installed one, one that Playwright downloads, or
 * one from Debian's packages when this is Debian and we are root. Gives its path; undefined means Playwright's own.
 */
export function requireBrowser(options: { named: string | undefined; path: string }): string | undefined {
  if (options.named !== undefined) {
    if (existsSync(options.named)) return options.named
    throw new Failure(`OPENWARD_CHROMIUM names ${options.named}, and there is nothing there.`)
  }
  const found = installed(options.path)
  if (found) return found
  process.stderr.write('No browser found; getting one…\n')
  if (run('npx', ['playwright', 'install', 'chromium'], join(ROOT, 'e2e'))) return undefined
  const isDebianRoot = existsSync('/etc/debian_version') && process.getuid?.() === 0
  if (
    isDebianRoot &&
    run('apt-get', ['update', '-qq']) &&
    run('apt-get', ['install', '-y', '-qq', 'chromium'])
  ) {
    const now = installed(options.path)
    if (now) return now
  }
  throw new Failure(
    'The browser flows need Chromium or Google Chrome. Install one, or name it: OPENWARD_CHROMIUM=<path> npm test',
  )
}
