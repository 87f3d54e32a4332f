import type { Bundle, BundleEntry } from '@medplum/fhirtypes'
import { appendFile, readFile, rm } from 'node:fs/promises'
import { FhirError } from '@openward/fhir-client'
import type { Logger } from 'pino'

import { keepLinks, linesIn } from './audit-links.ts'
import type { AuditSpool, SpoolLine } from './audit-spool.ts'
import type { FhirBases } from './fhir-base.ts'
import { Refusal } from './refusal.ts'

const BATCH_SIZE = 100
const EVERY_MS = 1000
const MOST_WAIT_MS = 30_000
/** By then a transaction that got no answer has been stored or never will be. */
const DOUBTED_FOR_MS = 60_000
const DOUBTS_PER_SEARCH = 100

export type AuditShipper = {
  /** Ships what is there now; rejects when the record did not take it, which is then kept. */
  ship: () => Promise<void>
  stop: () => Promise<void>
}

/** Two processes may ship the files of a dead one; whoever comes second finds nothing any more. */
async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

type Carried = SpoolLine & { event: NonNullable<SpoolLine['event']> }

function entryOf({ event }: Carried): BundleEntry {
  return { resource: event, request: { method: 'PUT', url: `AuditEvent/${event.id}` } }
}

/** Nothing changes by asking again: the organisation is not served, or the content is not taken. */
function isForGood(error: unknown): boolean {
  if (error instanceof FhirError) return error.code === 'not-found' || error.code === 'invalid'
  return error instanceof Refusal && error.status < 500
}

function isStored(entry: BundleEntry | undefined): boolean {
  return /^20[01]/.test(entry?.response?.status ?? '')
}

/**
 * Carries spooled audit events to the record, as `PUT` by their own id: sending one twice stores it once. A file goes
 * only when every line of it is acknowledged.
 */
export function startAuditShipper(spool: AuditSpool, bases: FhirBases, log: Logger): AuditShipper {
  let isStopped = false
  let waitMs = EVERY_MS
  let timer: NodeJS.Timeout | undefined
  let current: Promise<void> = Promise.resolve()

  async function keepRefused(lines: Carried[], path: string): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    await appendFile(`${path}.refused`, text, { mode: 0o600 })
    log.error({ count: lines.length }, 'audit events refused by the record are kept beside the spool')
  }

  /** What the record will never take is set aside, so that it holds up nothing else; a batch is halved to find it. */
  async function shipBatch(organization: string, lines: Carried[], path: string): Promise<void> {
    let answer: Bundle
    try {
      const bundle: Bundle = { resourceType: 'Bundle', type: 'batch', entry: lines.map(entryOf) }
      answer = await bases.clientFor(organization, 'audit').batch(bundle)
    } catch (error) {
      if (!isForGood(error)) throw error
      if (lines.length === 1) return keepRefused(lines, path)
      const half = Math.ceil(lines.length / 2)
      await shipBatch(organization, lines.slice(0, half), path)
      return shipBatch(organization, lines.slice(half), path)
    }
    const refused = lines.filter((_, index) => !isStored(answer.entry?.[index]))
    const isLater = refused.some(
      (line) => !/^4(?!29)/.test(answer.entry?.[lines.indexOf(line)]?.response?.status ?? ''),
    )
    if (isLater) throw new Error('The record did not take all audit events')
    if (refused.length > 0) await keepRefused(refused, path)
  }

  async function shipFile(path: string): Promise<void> {
    const text = await readIfThere(path)
    const said = text.split('\n').filter((line) => line !== '').length
    const lines = linesIn(text)
    if (lines.length < said)
      log.warn({ count: said - lines.length }, 'unfinished audit lines of a killed process are left out')
    const carried = lines.flatMap((line) =>
      line.event === undefined ? [] : [{ ...line, event: line.event }],
    )
    for (const [organization, own] of Map.groupBy(carried, (line) => line.organization)) {
      for (let start = 0; start < own.length; start += BATCH_SIZE) {
        await shipBatch(organization, own.slice(start, start + BATCH_SIZE), path)
      }
    }
    await keepLinks(spool.folder, lines)
    doubtOpenIntents(lines)
    await rm(path, { force: true })
  }

  /** A process that was killed did not say what became of the last transactions that it sent. */
  function doubtOpenIntents(lines: readonly SpoolLine[]): void {
    const left = lines.filter(({ chain }) => !chain.startsWith(spool.id))
    const settled = new Set(left.flatMap(({ kind, id }) => (kind === 'intent' ? [] : [id])))
    for (const { kind, id, organization } of left)
      if (kind === 'intent' && !settled.has(id)) spool.doubt({ organization, id })
  }

  /** Asks the record what became of transactions that got no answer. */
  async function settleDoubts(): Promise<void> {
    const doubts = Map.groupBy(spool.takeDoubts(DOUBTED_FOR_MS), ({ organization }) => organization)
    for (const [organization, all] of doubts) {
      for (let start = 0; start < all.length; start += DOUBTS_PER_SEARCH) {
        const ids = all.slice(start, start + DOUBTS_PER_SEARCH).map(({ id }) => id)
        try {
          const search = { _id: ids.join(','), _count: DOUBTS_PER_SEARCH }
          const { resources } = await bases.clientFor(organization, 'audit').search('AuditEvent', search)
          const stored = new Map(resources.map((event) => [event.id, event]))
          for (const id of ids) {
            const event = stored.get(id)
            await (event ? spool.settle({ organization, event }) : spool.annul(organization, id))
          }
        } catch (error) {
          for (const id of ids) spool.doubt({ organization, id })
          throw error
        }
      }
    }
  }

  async function shipAll(): Promise<void> {
    await settleDoubts()
    await spool.rotate()
    const results = []
    for (const path of await spool.listEnded()) results.push(...(await Promise.allSettled([shipFile(path)])))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  function ship(): Promise<void> {
    const next = current.catch(() => undefined).then(shipAll)
    current = next
    return next
  }

  function schedule(): void {
    timer = setTimeout(async () => {
      try {
        await ship()
        waitMs = EVERY_MS
      } catch (err) {
        waitMs = Math.min(waitMs * 2, MOST_WAIT_MS)
        log.warn({ err }, 'audit events wait for the record')
      }
      if (!isStopped) schedule()
    }, waitMs)
  }
  schedule()

  async function stop(): Promise<void> {
    isStopped = true
    clearTimeout(timer)
    try {
      await ship()
    } catch (err) {
      log.warn({ err }, 'audit events stay in the spool for the next start')
    }
    await spool.close()
  }
  return { ship, stop }
}
