import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { organizationOf, totalOf } from './backup/format.ts'
import { makeBackup, type MadeBackup } from './backup/make-backup.ts'
import { readSettings } from './system/env.ts'
import { Failure, runCommand } from './system/failure.ts'
import { Progress } from './system/progress.ts'

const HELP = `Copies the record into one file, while it runs or not.

  npm run backup -- <file>

The file is a tar archive: the record of every organization as it was at one moment (record/<organization>.sqlite), links
of accounts, the chain of the audit trail with its events on their way, and a list of all that with counts and hashes. It
is read back before it gets its name. Secrets and sign-ins are not in it: they are made anew, and people sign in again.
It holds health data, is not encrypted, and can be read by you only: keep it as safe as the record itself.
`

function readTarget(): string | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) return undefined
    const [target, ...more] = positionals
    if (target !== undefined && more.length === 0) return target
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n\n${HELP}`)
  }
  throw new Failure(`Say which file to write.\n\n${HELP}`)
}

function summary(target: string, { manifest, fingerprint, bytes }: MadeBackup): string {
  const rows = manifest.files.flatMap(({ name, content }) => {
    if (!content) return []
    const counts = [
      `${totalOf(content).toLocaleString('en')} resources`,
      `${content.versions.toLocaleString('en')} versions`,
    ]
    return [`  ${(organizationOf(name) ?? name).padEnd(12)}  ${counts.join(', ')}`]
  })
  return [
    ...rows,
    `Wrote ${target} (${Math.ceil(bytes / 1024 / 1024).toLocaleString('en')} MB) and read it back.`,
    `Fingerprint: ${fingerprint}`,
    'It holds health data and is not encrypted: keep it as safe as the record itself.',
    '',
  ].join('\n')
}

await runCommand(async () => {
  const wanted = readTarget()
  if (wanted === undefined) {
    process.stdout.write(HELP)
    return
  }
  const settings = readSettings()
  if (settings.FHIR_BASE_URL !== undefined)
    throw new Failure('FHIR_BASE_URL names another server, which has backups of its own.')
  const target = resolve(settings.workingFolder, wanted)
  let progress: Progress | undefined
  const made = await makeBackup(settings.dataFolder, target, {
    onStep: (label) => {
      progress?.finish()
      progress = new Progress(label)
    },
    onProgress: (done, total, unit) => progress?.update(done, total, unit),
  })
  progress?.finish()
  process.stdout.write(summary(target, made))
})
