import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { FhirClient, FhirError, fetchTransport } from '@openward/fhir-client'

import { readAuditFolder } from '../apps/bff/src/lib/audit-links.ts'
import { compare, type Difference, type Expected, expectedOf, faultsOf } from './audit/compare.ts'
import { readSettings } from './system/env.ts'
import { Failure, runCommand } from './system/failure.ts'
import { requireFhirTarget } from './system/fhir-target.ts'

const SHOWN = 10

/** Some ids and how many more. */
function some(ids: readonly string[]): string {
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : ''
  return `${ids.slice(0, SHOWN).join(', ')}${more}`
}

async function check(organization: string, expected: Expected): Promise<Difference> {
  const { baseUrl, headers = {} } = requireFhirTarget(readSettings(), organization)
  const client = new FhirClient(fetchTransport({ baseUrl, headers: () => headers }))
  try {
    return await compare(expected, storedEvents(client))
  } catch (error) {
    if (!(error instanceof FhirError)) throw error
    throw new Failure(
      `The record of ${organization} could not be read (${error.code}): see that it runs, and ask again.`,
    )
  }
}

async function* storedEvents(client: FhirClient) {
  for await (const page of client.pages('AuditEvent', { _count: 1000, _sort: '_id' })) yield* page.resources
}

function report(organization: string, { open }: Expected, difference: Difference): string[] {
  const { intact, changed, missing, unknown } = difference
  const lines = [`${organization}: ${intact} events are as they were recorded.`]
  if (unknown > 0)
    lines.push(`  ${unknown} more are known to no chain here (imported, or of another installation).`)
  if (open.size > 0) lines.push(`  ${open.size} writes are still in doubt; ask again in two minutes.`)
  if (changed.length > 0) lines.push(`  CHANGED since they were recorded: ${some(changed)}`)
  if (missing.length > 0) lines.push(`  MISSING: ${some(missing)}`)
  return lines
}

/** Checks the chain of every spool, and every AuditEvent of the record against it. */
await runCommand(async () => {
  const folder = join(readSettings().dataFolder, 'audit')
  if (!existsSync(folder)) throw new Failure('Nothing has been recorded here yet: there is no audit folder.')
  const audit = await readAuditFolder(folder)
  const faults = faultsOf(audit.chains)
  const lines: string[] = []
  let isWhole = faults.size === 0
  for (const [chain, fault] of faults) lines.push(`BROKEN: the chain ${chain}: ${fault}.`)
  for (const [organization, expected] of expectedOf(audit)) {
    const difference = await check(organization, expected)
    isWhole &&= difference.changed.length + difference.missing.length === 0
    lines.push(...report(organization, expected, difference))
  }
  if (audit.waiting.size > 0) lines.push(`${audit.waiting.size} events wait to be stored.`)
  if (audit.refused.size > 0) {
    isWhole = false
    lines.push(`${audit.refused.size} events were refused by the record; they are kept in ${folder}.`)
  }
  const links = [...audit.chains.values()].reduce((sum, chain) => sum + chain.length, 0)
  lines.push(`${audit.chains.size} chains with ${links} links: ${isWhole ? 'whole' : 'NOT WHOLE'}.`)
  process.stdout.write(`${lines.join('\n')}\n`)
  return isWhole ? 0 : 1
})
