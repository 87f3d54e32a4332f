import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Bench, Figure } from './bench/bench.ts'
import { build } from './system/build.ts'
import { readSettings, ROOT } from './system/env.ts'
import { Failure, runCommand } from './system/failure.ts'
import { freePorts } from './system/ports.ts'
import { startSystem, type System } from './system/system.ts'

async function allBenches(): Promise<Bench[]> {
  const files = readdirSync(join(ROOT, 'scripts/bench')).filter((file) => file.endsWith('.bench.ts'))
  const modules = await Promise.all(
    files.map((file) => import(`./bench/${file}`) as Promise<{ bench: Bench }>),
  )
  return modules.map((module) => module.bench).toSorted((a, b) => a.name.localeCompare(b.name))
}

function table(figures: Figure[]): string {
  const rows = figures.map(({ figure, value, unit, target, isReached, control }) => [
    isReached ? 'yes' : 'NO',
    figure,
    `${Number(value.toFixed(2))} ${unit}`,
    target,
    control ? `${control.what}: ${Number(control.value.toFixed(2))}` : '',
  ])
  return columns([['reached', 'figure', 'value', 'target', 'beside it'], ...rows])
}

function columns(rows: string[][]): string {
  const [head = []] = rows
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

async function runBench(bench: Bench, results: string, args: readonly string[]): Promise<Figure[]> {
  const tables: Record<string, Record<string, string>[]> = {}
  const folder = mkdtempSync(join(tmpdir(), 'openward-bench-'))
  let running: Promise<System> | undefined
  const log = (sentence: string) => process.stderr.write(`  ${bench.name}: ${sentence}\n`)
  try {
    const figures = await bench.run({
      folder,
      log,
      args,
      table: (title, rows) => {
        tables[title] = rows
        const head = Object.keys(rows[0] ?? {})
        const lines = rows.map((row) => head.map((name) => row[name] ?? ''))
        process.stdout.write(`${title}:\n${columns([head, ...lines])}\n`)
      },
      system: async ({ withPortals = false } = {}) => {
        const [port = 0] = await freePorts(1)
        const settings = {
          ...readSettings(),
          PORT: port,
          dataFolder: join(folder, 'data'),
          FHIR_BASE_URL: undefined,
          ENTRA_TENANT_ID: undefined,
        }
        running ??= startSystem({ settings, mode: 'test', onStep: log, withPortals })
        return running
      },
    })
    writeFileSync(
      join(results, `${bench.name}.json`),
      `${JSON.stringify({ name: bench.name, at: new Date().toISOString(), figures, tables }, undefined, 2)}\n`,
    )
    return figures
  } finally {
    await (await running)?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Options, and addresses of servers. */
function isArgument(word: string): boolean {
  return word.startsWith('-') || word.includes('://')
}

await runCommand(async () => {
  const benches = await allBenches()
  const given = process.argv.slice(2)
  const wanted = given.filter((word) => !isArgument(word))
  const args = given.filter(isArgument)
  const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length > 0) {
    throw new Failure(
      `There is no bench "${unknown.join('", "')}". There are: ${benches.map(({ name }) => name).join(', ')}.`,
    )
  }
  if (args.length > 0 && wanted.length !== 1) throw new Failure('Arguments are for one bench: name it first.')
  const results = join(readSettings().dataFolder, 'bench')
  mkdirSync(results, { recursive: true })
  const chosen = benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  const [only, ...others] = new Set(chosen.map(({ builds }) => builds))
  await build(() => {}, others.length === 0 ? only : undefined)
  for (const bench of chosen) {
    process.stdout.write(`\n${bench.name}: ${bench.what}\n`)
    process.stdout.write(`${table(await runBench(bench, results, args))}\n`)
  }
})
