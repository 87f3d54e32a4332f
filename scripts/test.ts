import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

import { check } from './check.ts'
import { requireBrowser } from './system/browser.ts'
import { build } from './system/build.ts'
import { inheritedEnvironment, readSettings, ROOT } from './system/env.ts'
import { runCommand } from './system/failure.ts'
import { populate } from './system/populate.ts'
import { freePorts } from './system/ports.ts'
import { startSystem } from './system/system.ts'

type Counts = { passed: number; failed: number }

/** People in the system that the browser flows run against; flows make what else they need. */
const FLOW_POPULATION = 120

const unitReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numFailedTestSuites: z.number(),
})
const flowReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()),
})

function run(
  command: string,
  args: string[],
  cwd: string,
  environment: Record<string, string | undefined> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...inheritedEnvironment(), ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

function readReport<T>(path: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
}

async function unitTests(folder: string): Promise<Counts> {
  const path = join(folder, 'unit.json')
  const code = await run(
    'vitest',
    ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${path}`],
    ROOT,
  )
  const report = readReport(path, unitReport)
  const failed = Math.max(
    report.numFailedTests + (report.numFailedTests === 0 ? report.numFailedTestSuites : 0),
    code === 0 ? 0 : 1,
  )
  return { passed: report.numPassedTests, failed }
}

async function browserFlows(folder: string): Promise<Counts> {
  const settings = readSettings()
  const chromium = requireBrowser({
    named: settings.OPENWARD_CHROMIUM,
    path: inheritedEnvironment()['PATH'] ?? '',
  })
  const [port = 0] = await freePorts(1)
  const flowSettings = {
    ...settings,
    PORT: port,
    dataFolder: join(folder, 'data'),
    OPENWARD_POPULATION: FLOW_POPULATION,
    FHIR_BASE_URL: undefined,
    ENTRA_TENANT_ID: undefined,
  }
  const system = await startSystem({
    settings: flowSettings,
    mode: 'test',
    onStep: (step) => process.stdout.write(`${step}\n`),
  })
  try {
    await populate(system, flowSettings)
    const report = join(folder, 'flows.json')
    const code = await run('playwright', ['test', '--reporter=list,json'], join(ROOT, 'e2e'), {
      PATH: `${join(ROOT, 'e2e/node_modules/.bin')}:${inheritedEnvironment()['PATH']}`,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      FLOW_ORIGIN: system.origin,
      FLOW_FHIR_BASE_URL: system.fhirBaseUrl,
      FLOW_FHIR_TOKEN: system.fhirToken,
      FLOW_CHROMIUM: chromium,
    })
    const { stats, errors } = readReport(report, flowReport)
    return {
      passed: stats.expected,
      failed: Math.max(stats.unexpected + stats.flaky + errors.length, code === 0 ? 0 : 1),
    }
  } finally {
    await system.stop()
  }
}

await runCommand(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'openward-test-'))
  const total: Counts = { passed: 0, failed: 0 }
  const add = (title: string, counts: Counts) => {
    process.stdout.write(`\n${title}: ${counts.passed} passed, ${counts.failed} failed\n\n`)
    total.passed += counts.passed
    total.failed += counts.failed
    // a gate that looked at nothing is not a pass
    if (counts.passed === 0) total.failed++
  }
  try {
    await build((line) => process.stdout.write(`${line}\n`))
    add('Checks', await check())
    add('Unit and integration tests', await unitTests(folder))
    add('Browser flows', await browserFlows(folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
  return total.failed > 0 ? 1 : 0
})
