import type { Basic, CapabilityStatement, Extension } from '@medplum/fhirtypes'

import { CANONICAL, extensionUrl } from './canonical.ts'

/** What a FHIR server says it is; a new version may behave in another way. */
export type ServerSoftware = { name: string; version: string }
/** How a server did in one check of `npm run conformance`. */
export type CheckResult = 'pass' | 'fail' | 'not-supported'
/** What the conformance suite found on a server of this software and version. */
export type ConformanceVerdict = {
  software: ServerSoftware
  /** Of the suite that was run: what Openward asks of a server may grow. */
  suite: string
  isPassed: boolean
  /** Instant. */
  ranAt: string
  results: Readonly<Record<string, CheckResult>>
}

/** Rises when Openward depends on something that the suite did not ask for before: verdicts of older ones count no more. */
export const CONFORMANCE_SUITE = '1'

/**
 * The embedded record of this very release: `npm test` runs the whole suite against it, so it needs no verdict.
 * @see docs/decisions/0008-the-embedded-record-is-proven-by-its-tests.md
 */
export const PROVEN_SOFTWARE: ServerSoftware = { name: 'Openward record', version: '1' }

const SYSTEM = `${CANONICAL}/CodeSystem/conformance`
const IDENTIFIER = `${CANONICAL}/conformance`
const EXTENSION = extensionUrl('conformance')
const UNKNOWN = 'unknown'

/** Name and version from a CapabilityStatement; `unknown` for what it does not tell. */
export function softwareFrom(statement: Partial<CapabilityStatement> | undefined): ServerSoftware {
  const { name, version } = statement?.software ?? {}
  return { name: name || UNKNOWN, version: version || UNKNOWN }
}

export function isSameSoftware(one: ServerSoftware, other: ServerSoftware): boolean {
  return one.name === other.name && one.version === other.version
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** Id of the `Basic` that keeps the verdict. Two versions may share it when they are very long: the content says which it is. */
export function verdictId(software: ServerSoftware): string {
  return `conformance-${slug(software.name).slice(0, 28)}-${slug(software.version).slice(0, 22)}`
}

/** The verdict as it is kept in the server that it is about. */
export function verdictToBasic(verdict: ConformanceVerdict): Basic & { id: string } {
  const { software, suite, isPassed, ranAt, results } = verdict
  const parts: Extension[] = [
    { url: 'software-name', valueString: software.name },
    { url: 'software-version', valueString: software.version },
    { url: 'suite', valueString: suite },
    { url: 'ran-at', valueInstant: ranAt },
    ...Object.entries(results).map(([name, result]) => ({
      url: 'check',
      extension: [
        { url: 'name', valueCode: name },
        { url: 'result', valueCode: result },
      ],
    })),
  ]
  return {
    resourceType: 'Basic',
    id: verdictId(software),
    extension: [{ url: EXTENSION, extension: parts }],
    identifier: [{ system: IDENTIFIER, value: `${software.name} ${software.version}` }],
    code: { coding: [{ system: SYSTEM, code: isPassed ? 'passed' : 'failed' }] },
    created: ranAt.slice(0, 10),
  }
}

function isResult(text: string | undefined): text is CheckResult {
  return text === 'pass' || text === 'fail' || text === 'not-supported'
}

/** Reads a kept verdict; undefined when the resource is something else. */
export function verdictFromBasic(basic: Basic | undefined): ConformanceVerdict | undefined {
  const parts = basic?.extension?.find(({ url }) => url === EXTENSION)?.extension
  const code = basic?.code?.coding?.find(({ system }) => system === SYSTEM)?.code
  if (parts === undefined || code === undefined) return undefined
  const textOf = (name: string) => parts.find(({ url }) => url === name)?.valueString
  const ranAt = parts.find(({ url }) => url === 'ran-at')?.valueInstant
  const [name, version, suite] = [textOf('software-name'), textOf('software-version'), textOf('suite')]
  if (name === undefined || version === undefined || suite === undefined || ranAt === undefined)
    return undefined
  const results: Record<string, CheckResult> = {}
  for (const { extension = [] } of parts.filter(({ url }) => url === 'check')) {
    const check = extension.find(({ url }) => url === 'name')?.valueCode
    const result = extension.find(({ url }) => url === 'result')?.valueCode
    if (check !== undefined && isResult(result)) results[check] = result
  }
  return { software: { name, version }, suite, isPassed: code === 'passed', ranAt, results }
}

/** Whether this verdict allows bookings on a server that says it is `software`. */
export function isPassing(verdict: ConformanceVerdict | undefined, software: ServerSoftware): boolean {
  return (
    verdict !== undefined &&
    verdict.isPassed &&
    verdict.suite === CONFORMANCE_SUITE &&
    isSameSoftware(verdict.software, software)
  )
}
