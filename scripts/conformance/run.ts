import type { CapabilityStatement } from '@medplum/fhirtypes'
import {
  CONFORMANCE_SUITE,
  type CheckResult,
  type ConformanceVerdict,
  type ServerSoftware,
  softwareFrom,
} from '@openward/fhir-client/conformance'

import { Failure } from '../system/failure.ts'
import { CAPABILITY_NAMES, type CapabilityName, capabilityRow } from './capabilities.ts'
import { type Check, CheckFailed, NotSupported } from './check.ts'
import { ANSWERS } from './checks/answers.ts'
import { BUNDLES } from './checks/bundles.ts'
import { ONE_RESOURCE } from './checks/one-resource.ts'
import { OPERATIONS } from './checks/operations.ts'
import { race } from './checks/race.ts'
import { SEARCHES } from './checks/searches.ts'
import { STATEMENT } from './checks/statement.ts'
import { VALUES } from './checks/values.ts'
import { openServer, type TestedServer } from './server.ts'

const CHECKS: Record<CapabilityName, Check> = {
  ...STATEMENT,
  ...ONE_RESOURCE,
  ...BUNDLES,
  'transaction-race': race,
  ...SEARCHES,
  ...ANSWERS,
  ...VALUES,
  ...OPERATIONS,
}

/** How one check went: the sentence says what is wrong, or what is worth knowing beside a pass. */
export type Finding = { name: CapabilityName; result: CheckResult; sentence: string; tookMs: number }

export type Report = {
  baseUrl: string
  software: ServerSoftware
  fhirVersion: string
  suite: string
  findings: Finding[]
  /** Of what Openward depends on, everything passes. */
  isPassed: boolean
  /** Addresses of what was stored and could not be deleted. */
  leftBehind: string[]
  isInterrupted: boolean
}

type Options = {
  baseUrl: string
  headers: Record<string, string>
  only?: readonly CapabilityName[] | undefined
  signal?: AbortSignal
  onFinding?: (finding: Finding) => void
  /** The software is known before the first check. */
  onServer?: (server: { software: ServerSoftware; fhirVersion: string }) => void
}

async function readStatement(server: TestedServer): Promise<CapabilityStatement | undefined> {
  let reply
  try {
    reply = await server.send('GET', 'metadata')
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Failure(
      `There is no answer from ${server.baseUrl}. Is the address right, and the server running?`,
    )
  }
  // metadata is open on most servers: a token that is not taken shows only behind it
  const { status } = await server.send('GET', 'Patient?_count=1')
  if (status === 401 || status === 403)
    throw new Failure(
      `The server at ${server.baseUrl} asks for a token, or does not take this one (${status}). Give it by FHIR_TOKEN=<token>, or by --header.`,
    )
  const body = reply.body as CapabilityStatement | undefined
  return reply.status === 200 && body?.resourceType === 'CapabilityStatement' ? body : undefined
}

async function runOne(server: TestedServer, name: CapabilityName): Promise<Finding> {
  const startedAtMs = performance.now()
  const found = (result: CheckResult, sentence: string): Finding => ({
    name,
    result,
    sentence,
    tookMs: Math.round(performance.now() - startedAtMs),
  })
  try {
    return found('pass', (await CHECKS[name](server)) ?? '')
  } catch (error) {
    if (error instanceof NotSupported) return found('not-supported', error.message)
    if (error instanceof CheckFailed) return found('fail', error.message)
    const { name: kind } = error as Error
    if (kind === 'TimeoutError') return found('fail', 'An answer did not come within a minute')
    if (kind === 'TypeError' || kind === 'SyntaxError')
      return found('fail', 'The server broke off, or answered what cannot be read')
    throw error
  }
}

function isFine({ name, result }: Finding): boolean {
  return result === 'pass' || capabilityRow(name).need === 'spare'
}

/** Looks at a server, one check after the other, and takes away again what it stored, however it ends. */
export async function runConformance(options: Options): Promise<Report> {
  const { baseUrl, headers, only, onFinding, onServer } = options
  const signal = options.signal ?? new AbortController().signal
  const server = openServer({ baseUrl, headers, signal })
  const findings: Finding[] = []
  const names = CAPABILITY_NAMES.filter((name) => only === undefined || only.includes(name))
  let leftBehind: string[] = []
  try {
    server.statement = await readStatement(server)
    const fhirVersion = server.statement?.fhirVersion ?? 'unknown'
    onServer?.({ software: softwareFrom(server.statement), fhirVersion })
    for (const name of names) {
      const finding = await runOne(server, name)
      if (signal.aborted) break
      findings.push(finding)
      onFinding?.(finding)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    leftBehind = await server.cleanUp()
  }
  return {
    baseUrl,
    software: softwareFrom(server.statement),
    fhirVersion: server.statement?.fhirVersion ?? 'unknown',
    suite: CONFORMANCE_SUITE,
    findings,
    isPassed: findings.length === names.length && findings.every(isFine),
    leftBehind,
    isInterrupted: signal.aborted,
  }
}

/** What is kept of a whole run. */
export function verdictFrom(
  { software, suite, findings, isPassed }: Report,
  ranAt: Date,
): ConformanceVerdict {
  const results = Object.fromEntries(findings.map(({ name, result }) => [name, result]))
  return { software, suite, isPassed, ranAt: ranAt.toISOString(), results }
}
