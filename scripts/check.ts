import { spawn } from 'node:child_process'

import { handTypedVersions } from './system/catalog.ts'
import { inheritedEnvironment, ROOT } from './system/env.ts'
import { runCommand } from './system/failure.ts'

type Step = { name: string; command: string; args: string[]; checked: RegExp }

/** Each step must show that it looked at something: `checked` finds its count. */
const STEPS: Step[] = [
  {
    name: 'format',
    command: 'oxfmt',
    args: ['--check', '.'],
    checked: /on [1-9]\d* files|All matched files/,
  },
  {
    name: 'lint',
    command: 'oxlint',
    args: ['--type-aware', '--deny-warnings'],
    checked: /on [1-9]\d* files/,
  },
  {
    name: 'types of scripts',
    command: 'tsc',
    args: ['--noEmit', '-p', 'tsconfig.json', '--listFilesOnly'],
    checked: /scripts\/check\.ts/,
  },
  { name: 'types of scripts', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.json'], checked: /^/ },
  {
    name: 'types',
    command: 'turbo',
    args: ['run', 'typecheck', '--output-logs=errors-only', '--concurrency=2'],
    checked: /[1-9]\d* successful/,
  },
  { name: 'boundaries', command: 'turbo', args: ['boundaries'], checked: /Checked [1-9]\d* files/ },
  { name: 'dead code', command: 'knip', args: [], checked: /^/ },
]

function runStep({ command, args }: Step): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: inheritedEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('exit', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** Runs every check and gives the counts; what failed is printed whole. */
export async function check(): Promise<{ passed: number; failed: number }> {
  let failed = 0
  for (const step of STEPS) {
    const startedAt = performance.now()
    const { code, output } = await runStep(step)
    const isGood = code === 0 && step.checked.test(output)
    if (!isGood) {
      failed++
      process.stdout.write(`${output.slice(-12_000)}\n`)
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    process.stdout.write(`${isGood ? 'ok  ' : 'FAIL'} check: ${step.name} (${seconds} s)\n`)
  }
  const handTyped = handTypedVersions()
  if (handTyped.length > 0) failed++
  process.stdout.write(
    `${handTyped.length === 0 ? 'ok  ' : 'FAIL'} check: versions ${handTyped.join(', ')}\n`,
  )
  return { passed: STEPS.length + 1 - failed, failed }
}

if (import.meta.main) {
  await runCommand(async () => ((await check()).failed > 0 ? 1 : 0))
}
