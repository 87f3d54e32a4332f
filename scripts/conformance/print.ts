import { printable } from '../import/words.ts'
import { CAPABILITIES, type CapabilityName, capabilityRow } from './capabilities.ts'
import type { Finding, Report } from './run.ts'

const WIDEST = Math.max(...Object.keys(CAPABILITIES).map((name) => name.length))
const WORD = { pass: 'pass', fail: 'FAIL', 'not-supported': 'not supported' } as const

/** What a person reads of one check; a heading stands before the first of a group. */
export function findingLines(finding: Finding, before: CapabilityName | undefined): string {
  const { name, result, sentence } = finding
  const row = capabilityRow(name)
  const heading = before !== undefined && capabilityRow(before).group === row.group ? '' : `\n${row.group}\n`
  const line = `  ${WORD[result].padEnd(13)}  ${name.padEnd(WIDEST)}  ${row.what}`
  const details = [
    ...(sentence === '' ? [] : [printable(sentence, 300)]),
    ...(result === 'pass' ? [] : [consequence(name)]),
  ]
  const indent = ' '.repeat(WIDEST + 19)
  return [`${heading}${line}`, ...details.map((one) => `${indent}${one}`), ''].join('\n')
}

function consequence(name: CapabilityName): string {
  const row = capabilityRow(name)
  return row.need === 'needed' ? 'Openward depends on this.' : `Without it: ${row.without}.`
}

export function heading({
  baseUrl,
  software,
  fhirVersion,
}: Pick<Report, 'baseUrl' | 'software' | 'fhirVersion'>): string {
  const [name, version] = [printable(software.name, 80), printable(software.version, 40)]
  return `${name}, version ${version}, FHIR ${printable(fhirVersion, 12)}, at ${baseUrl}\n`
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** The last lines: what the findings mean. */
export function summary(report: Report, isPartial: boolean): string {
  const { findings, isPassed, leftBehind, isInterrupted } = report
  const count = (result: Finding['result']) => findings.filter((one) => one.result === result).length
  const missing = findings
    .filter(({ name, result }) => result !== 'pass' && capabilityRow(name).need === 'needed')
    .map(({ name }) => name)
  const lines = [
    `${count('pass')} pass, ${count('fail')} fail, ${count('not-supported')} not supported.`,
    ...(leftBehind.length > 0
      ? [
          `${leftBehind.length} of the resources that this run stored could not be deleted: ${leftBehind.slice(0, 20).join(', ')}${leftBehind.length > 20 ? ', …' : ''}`,
        ]
      : []),
  ]
  if (isInterrupted) lines.push('Interrupted: nothing is decided.')
  else if (missing.length > 0)
    lines.push(`Openward cannot run on this server: it depends on ${list(missing)}.`)
  else if (isPartial) lines.push('What was looked at passes; only a whole run decides.')
  else if (isPassed) lines.push('Openward can run on this server, and booking is safe on it.')
  return `\n${lines.join('\n')}\n`
}
