import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

import type { Problem } from './import/items.ts'
import { type ImportResult, runImport } from './import/run.ts'
import { printable } from './import/words.ts'
import { prepareDataFolder } from './system/data-folder.ts'
import { readSettings } from './system/env.ts'
import { Failure, runCommand } from './system/failure.ts'
import { requireFhirTarget } from './system/fhir-target.ts'
import { Progress } from './system/progress.ts'

const HELP = `Sends FHIR R4 files to the record: bundles, single resources and NDJSON, each plain, .gz or in a .tar.gz.

  npm run import -- <folder or file> [--organization openward]

Openward must be running (npm start), or name another server: FHIR_BASE_URL=<address> FHIR_TOKEN=<token>.
An import that was interrupted goes on where it stopped; one that is run again changes nothing.
`
const MAX_LINES = { failed: 200, skipped: 25 }

function line(file: string, { where, type, reason }: Problem): string {
  const place = [printable(file), where ? printable(where) : '', type ?? ''].filter(Boolean).join(', ')
  return `${place}: ${printable(reason, 300)}`
}

/** Prints lines above the progress bar; after the first ones of a kind it only counts. */
class Lines {
  readonly #left = { ...MAX_LINES }

  print(text: string): void {
    process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[2K' : ''}  ${text}\n`)
  }

  printSome(kind: 'failed' | 'skipped', text: string): void {
    this.#left[kind] -= 1
    if (this.#left[kind] < 0) return
    this.print(`${kind === 'failed' ? 'Failed' : 'Skipped'}: ${text}`)
    if (this.#left[kind] === 0) this.print('More lines like this one are only counted.')
  }
}

function summary({ stored, problems, files, skipped }: ImportResult): string {
  const total = stored.reduce((sum, [, count]) => sum + count, 0)
  const widest = Math.max(8, ...stored.map(([type]) => type.length))
  const rows = stored.map(
    ([type, count]) => `  ${type.padEnd(widest)}  ${count.toLocaleString('en').padStart(9)}`,
  )
  const failed = problems === 0 ? 'Nothing failed' : `${problems.toLocaleString('en')} failed`
  return [
    ...rows,
    `Stored ${total.toLocaleString('en')} resources from ${files.toLocaleString('en')} ${files === 1 ? 'file' : 'files'}. ${failed}, ${skipped.toLocaleString('en')} skipped.`,
    '',
  ].join('\n')
}

function readArguments(): { source: string; organization: string } | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        organization: { type: 'string', default: 'openward' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) return undefined
    const [source, ...more] = positionals
    if (source === undefined || more.length > 0)
      throw new Failure(`Say which folder or file to import.\n\n${HELP}`)
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(values.organization))
      throw new Failure(`"${printable(values.organization, 40)}" is not the name of an organization.`)
    return { source, organization: values.organization }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${(error as Error).message}\n\n${HELP}`)
  }
}

async function main(): Promise<number> {
  const wanted = readArguments()
  if (!wanted) {
    process.stdout.write(HELP)
    return 0
  }
  const settings = readSettings()
  const target = requireFhirTarget(settings, wanted.organization)
  prepareDataFolder(settings.dataFolder)
  const lines = new Lines()
  const progress = new Progress('Importing')
  const result = await runImport({
    target,
    source: resolve(settings.workingFolder, wanted.source),
    stateFolder: settings.dataFolder,
    events: {
      onProblem: (file, problem) => lines.printSome('failed', line(file, problem)),
      onSkipped: (file, problem) => lines.printSome('skipped', line(file, problem)),
      onProgress: ({ filesDone, files, stored }) =>
        progress.update(filesDone, files, `files, ${stored.toLocaleString('en')} resources`),
      onContinued: (done, files) =>
        lines.print(`Going on with an interrupted import: ${done} of ${files} files were done.`),
    },
  })
  progress.finish()
  process.stdout.write(summary(result))
  return result.stored.length > 0 ? 0 : 1
}

await runCommand(main)
