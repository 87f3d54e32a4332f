import { HELP, readArguments } from './conformance/arguments.ts'
import { CAPABILITY_NAMES, capabilityRow } from './conformance/capabilities.ts'
import { findingLines, heading, summary } from './conformance/print.ts'
import { type Finding, type Report, runConformance, verdictFrom } from './conformance/run.ts'
import { saveVerdict } from './conformance/save.ts'
import { readSettings } from './system/env.ts'
import { runCommand } from './system/failure.ts'

/** Ctrl-C ends the checks, and what they stored is still taken away; a second one ends that, too. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    process.stderr.write('\nStopping, and deleting what was stored…\n')
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  return controller.signal
}

function checks(): string {
  return CAPABILITY_NAMES.map((name) => {
    const row = capabilityRow(name)
    const more = row.need === 'needed' ? 'Openward depends on it' : `Without it: ${row.without}`
    return `${name}: ${row.what}. ${more}.\n`
  }).join('')
}

function asJson({ findings, ...report }: Report): string {
  const all = findings.map(({ name, ...finding }) => {
    const { group, need, what } = capabilityRow(name)
    return { name, group, need, what, ...finding }
  })
  return `${JSON.stringify({ ...report, findings: all }, undefined, 2)}\n`
}

async function main(): Promise<number> {
  const asked = readArguments(readSettings())
  if (asked === 'help' || asked === 'list') {
    process.stdout.write(asked === 'help' ? HELP : checks())
    return 0
  }
  const { baseUrl, headers, only } = asked
  const say = (text: string) => !asked.asJson && process.stdout.write(text)
  let last: Finding | undefined
  const report = await runConformance({
    baseUrl,
    headers,
    only,
    signal: interruption(),
    onServer: (server) => say(heading({ baseUrl, ...server })),
    onFinding: (finding) => {
      say(findingLines(finding, last?.name))
      last = finding
    },
  })
  say(summary(report, only !== undefined))
  if (asked.asJson) process.stdout.write(asJson(report))
  if (report.isInterrupted) return 130
  if (asked.mustSave) {
    const address = await saveVerdict({ baseUrl, headers }, verdictFrom(report, new Date()))
    process.stderr.write(`The verdict is kept as ${address} in that server.\n`)
  }
  return report.isPassed ? 0 : 1
}

await runCommand(main)
