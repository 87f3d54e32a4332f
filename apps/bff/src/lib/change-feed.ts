import type { Bundle } from '@medplum/fhirtypes'
import { patientsIn } from '@openward/access'
import { type FhirClient, FhirError } from '@openward/fhir-client'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'

import type { FhirBases } from './fhir-base.ts'

/** Something was written: never what. */
export type Change = { type: string; id: string; versionId: string; patients: readonly string[] }

/** What was written after a position, and the position to go on from. */
type Changes = { next: string; changes: readonly Change[] }

export type ChangeFeed = {
  /** Waits for changes after `since`; without it, tells only where the feed ends now. */
  changesAfter: (organization: string, since: string | undefined) => Promise<Changes>
  stop: () => void
}

const WAIT_SECONDS = 25
const POLL_EVERY_MS = 5000
const OVERLAP_MS = 2000
const FEED = z.object({
  next: z.number(),
  changes: z.array(
    z.object({ type: z.string(), id: z.string(), versionId: z.string(), patients: z.array(z.string()) }),
  ),
})
const POSITION = /^\d{1,15}$/

function hasNoFeed(error: unknown): boolean {
  return (
    error instanceof FhirError &&
    ['not-found', 'invalid', 'unexpected-response', 'forbidden'].includes(error.code)
  )
}

async function ofRecord(fhir: FhirClient, since: string | undefined, signal: AbortSignal): Promise<Changes> {
  const query = since === undefined ? '' : `?since=${since}&wait=${WAIT_SECONDS}`
  const { body } = await fhir.send({
    method: 'GET',
    path: `$changes${query}`,
    resourceType: 'system',
    options: { signal, timeoutMs: (WAIT_SECONDS + 10) * 1000 },
    repeatable: false,
  })
  const { next, changes } = FEED.parse(body)
  const patients = (one: readonly string[]) => one.map((reference) => reference.replace(/^Patient\//, ''))
  return {
    next: String(next),
    changes: changes.map((change) => ({ ...change, patients: patients(change.patients) })),
  }
}

/**
 * For servers without a feed: their history, every five seconds. The position is the time of the last look, set back by
 * two seconds for clocks that differ: hearing of a change twice does no harm.
 */
async function ofHistory(fhir: FhirClient, since: string | undefined, signal: AbortSignal): Promise<Changes> {
  if (since === undefined) return { next: String(Date.now() - OVERLAP_MS), changes: [] }
  await pause(POLL_EVERY_MS, undefined, { signal })
  const next = String(Date.now() - OVERLAP_MS)
  const { body } = await fhir.send({
    method: 'GET',
    path: `_history?_since=${new Date(Number(since)).toISOString()}&_count=500`,
    resourceType: 'system',
    options: { signal },
    repeatable: true,
  })
  const changes = ((body as Bundle).entry ?? []).flatMap(({ resource }): Change[] => {
    const { id, meta, resourceType: type } = resource ?? {}
    return resource && type && id
      ? [{ type, id, versionId: meta?.versionId ?? '', patients: patientsIn(resource) }]
      : []
  })
  return { next, changes: changes.toReversed() }
}

/** Follows the writes of each organisation. Those who wait at the same position share one request. */
export function createChangeFeed(bases: Pick<FhirBases, 'clientFor'>): ChangeFeed {
  const stopping = new AbortController()
  const withoutFeed = new Set<string>()
  const waiting = new Map<string, Promise<Changes>>()

  async function ask(organization: string, since: string | undefined): Promise<Changes> {
    const fhir = bases.clientFor(organization, 'changes')
    if (withoutFeed.has(organization)) return ofHistory(fhir, since, stopping.signal)
    try {
      return await ofRecord(fhir, since, stopping.signal)
    } catch (error) {
      if (!hasNoFeed(error)) throw error
      withoutFeed.add(organization)
      return ofHistory(fhir, since, stopping.signal)
    }
  }

  function changesAfter(organization: string, since: string | undefined): Promise<Changes> {
    const position = since !== undefined && POSITION.test(since) ? since : undefined
    const key = `${organization} ${position}`
    const known = waiting.get(key)
    if (known) return known
    const asked = ask(organization, position).finally(() => waiting.delete(key))
    waiting.set(key, asked)
    return asked
  }
  return { changesAfter, stop: () => stopping.abort() }
}
