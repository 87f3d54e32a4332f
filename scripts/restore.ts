import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { organizationOf, totalOf } from './backup/format.ts'
import { checkBackup, restoreBackup, type Restored } from './backup/restore-backup.ts'
import { prepareDataFolder } from './system/data-folder.ts'
import { readSettings } from './system/env.ts'
import { Failure, runCommand } from './system/failure.ts'
import { Progress } from './system/progress.ts'

const HELP = `Puts a backup in the place of the record, ids and history included.

  npm run restore -- <file>                  into a data folder without a record
  npm run restore -- --replace <file>        the record that is there is kept aside, in before-restore-<time>
  npm run restore -- --check <file>          only reads the backup and compares it with what it says of itself

  --fingerprint <text>   refuse any backup but the one for which this was printed

Openward must be stopped. A backup that is damaged, changed or of a newer version changes nothing; a restore that was
interrupted is either not begun or is finished by the next command. The hashes in a backup tell damage; that nobody
changed it on purpose is told by its fingerprint, if you kept that elsewhere.
`

type Wanted = { source: string; replace: boolean; isCheck: boolean; fingerprint: string | undefined }

function readArguments(): Wanted | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        replace: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        fingerprint: { type: 'string' },
      },
    })
    if (values.help) return undefined
    const [source, ...more] = positionals
    if (source !== undefined && more.length === 0)
      return { source, replace: values.replace, isCheck: values.check, fingerprint: values.fingerprint }
  } catch (error) {
    throw new Failure(`${(error as Error).message}\n\n${HELP}`)
  }
  throw new Failure(`Say which backup to restore.\n\n${HELP}`)
}

function summary({ manifest, fingerprint, aside }: Restored, isCheck: boolean): string {
  const rows = manifest.files.flatMap(({ name, content }) =>
    content
      ? [
          `  ${(organizationOf(name) ?? name).padEnd(12)}  ${totalOf(content).toLocaleString('en')} resources, ${content.versions.toLocaleString('en')} versions`,
        ]
      : [],
  )
  return [
    ...rows,
    `${isCheck ? 'The backup is whole. It is' : 'Restored, and read back, the record'} of ${manifest.at}.`,
    `Fingerprint: ${fingerprint}`,
    ...(aside === undefined ? [] : [`What was there before is in ${aside}; it holds health data too.`]),
    '',
  ].join('\n')
}

await runCommand(async () => {
  const wanted = readArguments()
  if (!wanted) {
    process.stdout.write(HELP)
    return
  }
  const settings = readSettings()
  if (settings.FHIR_BASE_URL !== undefined)
    throw new Failure('FHIR_BASE_URL names another server, which has backups of its own.')
  const source = resolve(settings.workingFolder, wanted.source)
  let progress = new Progress('Reading the backup')
  const onStep = (label: string) => {
    progress.finish()
    progress = new Progress(label)
  }
  const onProgress = (done: number, total: number | undefined, unit: string) =>
    progress.update(done, total, unit)
  if (!wanted.isCheck) prepareDataFolder(settings.dataFolder)
  const restored = wanted.isCheck
    ? checkBackup({ ...wanted, source, onProgress })
    : restoreBackup({ ...wanted, source, dataFolder: settings.dataFolder, onStep, onProgress })
  progress.finish()
  process.stdout.write(summary(restored, wanted.isCheck))
})
