import { DEMO_ACCOUNTS } from '@openward/population/accounts'

import { build } from './system/build.ts'
import { prepareDataFolder } from './system/data-folder.ts'
import { readSettings } from './system/env.ts'
import { runCommand } from './system/failure.ts'
import { populate } from './system/populate.ts'
import { requirePort } from './system/ports.ts'
import { Progress } from './system/progress.ts'
import { PORTALS, startSystem, type System } from './system/system.ts'

const PORTAL_TEXT: Record<(typeof PORTALS)[number]['path'], string> = {
  '/patient': 'Patients: find care, book, see visits',
  '/care': 'Care managers; administrators set up the clinic',
  '/home-health': 'Home visits',
  '/outreach': 'Outreach',
}

/** One table: where to go, who to be, where the data lives. */
function table(system: System, dataFolder: string): string {
  const widest = Math.max(...DEMO_ACCOUNTS.map(({ username }) => username.length)) + 2
  const portals = PORTALS.map(({ path }) => `  ${`${system.origin}${path}`.padEnd(38)}${PORTAL_TEXT[path]}`)
  const people = DEMO_ACCOUNTS.map(
    ({ username, name, description }) => `  ${username.padEnd(widest)}${name.padEnd(24)}${description}`,
  )
  return [
    '',
    `Openward runs on ${system.origin}`,
    '',
    ...portals,
    '',
    'Demo people (password: demo)',
    ...people,
    '',
    `Data and logs: ${dataFolder}`,
    'Press Ctrl-C to stop.',
    '',
  ].join('\n')
}

/** Builds and starts everything, and runs until it is told to stop. */
export async function main(mode: 'start' | 'dev'): Promise<number> {
  const settings = readSettings()
  // what would stop the start anyway is said before the long steps
  prepareDataFolder(settings.dataFolder)
  await requirePort(settings.PORT)
  // while developing, the portals are compiled when they are asked for; the record's definitions are needed either way
  const progress = new Progress(mode === 'start' ? 'Building the portals' : 'Compacting the FHIR definitions')
  await build((line) => progress.detail(line), mode === 'start' ? undefined : '@openward/record')
  progress.finish()
  const steps: Progress[] = []
  const system = await startSystem({ settings, mode, onStep: (label) => steps.push(new Progress(label)) })
  steps.at(-1)?.finish()

  const stopped = new Promise<number>((resolve) => {
    let isStopping = false
    const stop = (code: number) => {
      if (isStopping) return
      isStopping = true
      process.stderr.write('\nStopping…\n')
      void system.stop().then(() => resolve(code))
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0))
    system.group.onUnexpectedExit = (name, lines) => {
      process.stderr.write(
        `${lines.join('\n')}\nThe part "${name}" stopped by itself, so everything was stopped.\n`,
      )
      stop(1)
    }
  })
  try {
    await populate(system, settings)
  } catch (error) {
    await system.stop()
    throw error
  }
  process.stdout.write(table(system, settings.dataFolder))
  return stopped
}

if (import.meta.main) await runCommand(() => main('start'))
