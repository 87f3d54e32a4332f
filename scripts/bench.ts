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
  const head = ['reached', 'figure', 'value', 'target', 'beside it']
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

async function runBench(bench: Bench, results: string): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'openward-bench-'))
  let running: Promise<System> | undefined
  const log = (sentence: string) => process.stderr.write(`  ${bench.name}: ${sentence}\n`)
  try {
    const figures = await bench.run({
      folder,
      log,
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
      `${JSON.stringify({ name: bench.name, at: new Date().toISOString(), figures }, undefined, 2)}\n`,
    )
    return figures
  } finally {
    await (await running)?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

await runCommand(async () => {
  const benches = await allBenches()
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length > 0) {
    throw new Failure(
      `There is no bench "${unknown.join('", "')}". There are: ${benches.map(({ name }) => name).join(', ')}.`,
    )
  }
  const results = join(readSettings().dataFolder, 'bench')
  mkdirSync(results, { recursive: true })
  await build(() => {})
  for (const bench of benches) {
    if (wanted.length > 0 && !wanted.includes(bench.name)) continue
    process.stdout.write(`\n${bench.name}: ${bench.what}\n`)
    process.stdout.write(`${table(await runBench(bench, results))}\n`)
  }
})
