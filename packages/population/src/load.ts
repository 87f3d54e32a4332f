import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes'

/** Where bundles go: a FHIR base and the headers that open it. */
export type LoadTarget = { baseUrl: string; headers?: Record<string, string>; signal?: AbortSignal }

/** What a server said about one bundle. `unreachable` is set when no answer came after every try. */
export type BundleAnswer =
  | { ok: true; bundle: Bundle }
  | { ok: false; status: number; reason: string; isUnreachable: boolean }

const RETRIED = new Set([408, 425, 429, 502, 503, 504])
const TRIES = 5
const TIMEOUT_MS = 120_000
const LONGEST_WAIT_MS = 15_000

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

function waitMs(response: Response | undefined, attempt: number): number {
  const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN)
  const asked = Number.isFinite(seconds) ? seconds * 1_000 : 250 * 2 ** attempt
  return Math.min(asked, LONGEST_WAIT_MS)
}

/** The words of an OperationOutcome on one line, without control characters, at most 300 characters. */
export function reasonFrom(outcome: unknown): string {
  const issues = (outcome as OperationOutcome | undefined)?.issue
  const words = Array.isArray(issues)
    ? issues.map((issue) => {
        const text = issue?.details?.text ?? issue?.diagnostics ?? issue?.code ?? ''
        const where = Array.isArray(issue?.expression) ? ` (${issue.expression.join(', ')})` : ''
        return `${String(text)}${where}`
      })
    : []
  return words
    .filter((text) => text !== '')
    .join('; ')
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 300)
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Sends a bundle, again when the server was busy or did not answer: only for bundles that are safe to repeat (PUT, or
 * POST with `ifNoneExist`). Never throws for what the server or the network does; rethrows an abort.
 */
export async function sendBundle(target: LoadTarget, bundle: Bundle): Promise<BundleAnswer> {
  let last: BundleAnswer = { ok: false, status: 0, reason: 'No answer', isUnreachable: true }
  const body = JSON.stringify(bundle)
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    let response: Response | undefined
    try {
      const timeout = AbortSignal.timeout(TIMEOUT_MS)
      response = await fetch(target.baseUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/fhir+json',
          accept: 'application/fhir+json',
          ...target.headers,
        },
        body,
        signal: target.signal ? AbortSignal.any([target.signal, timeout]) : timeout,
      })
      const answer = await read(response)
      if (response.ok) return { ok: true, bundle: answer as Bundle }
      const reason = reasonFrom(answer) || `The server answered ${response.status}`
      last = { ok: false, status: response.status, reason, isUnreachable: false }
      if (!RETRIED.has(response.status)) return last
    } catch (error) {
      if (target.signal?.aborted) throw error
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      const reason = cause instanceof Error ? cause.message : 'No answer'
      last = { ok: false, status: 0, reason, isUnreachable: true }
    }
    if (attempt < TRIES - 1) await pause(waitMs(response, attempt))
  }
  return last
}

/** A transaction that puts each resource under its own id. */
export function putTransaction(resources: readonly (Resource & { id: string })[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  }
}

/** Thrown when a bundle of the population was refused; the words come from the server. */
export class LoadError extends Error {
  override readonly name = 'LoadError'
  readonly status: number

  constructor(status: number, reason: string) {
    super(`The FHIR server did not take the population (${status || 'no answer'}): ${reason}`)
    this.status = status
  }
}

export type LoadOptions = LoadTarget & {
  resources: Iterable<Resource & { id: string }>
  /** Called with the number of resources stored so far. */
  onProgress?: (stored: number) => void
  /** Resources in one transaction. */
  bundleSize?: number
  /** Transactions under way at once. */
  parallel?: number
}

/**
 * Stores a stream of resources as transactions of PUTs, so that a second run changes nothing. Types that appear for
 * the first time wait until everything before them is stored: servers that check references find what they need.
 * Holds at most `parallel` bundles in memory. Throws `LoadError` at the first refusal.
 */
export async function loadPopulation(options: LoadOptions): Promise<{ stored: number }> {
  const { resources, onProgress, bundleSize = 400, parallel = 3, ...target } = options
  const underWay = new Set<Promise<void>>()
  const known = new Set<string>()
  let stored = 0
  let failure: unknown

  async function send(batch: readonly (Resource & { id: string })[]): Promise<void> {
    const answer = await sendBundle(target, putTransaction(batch))
    if (!answer.ok) throw new LoadError(answer.status, answer.reason)
    stored += batch.length
    onProgress?.(stored)
  }

  async function start(batch: readonly (Resource & { id: string })[]): Promise<void> {
    const isNewType = batch.some(({ resourceType }) => !known.has(resourceType))
    for (const { resourceType } of batch) known.add(resourceType)
    if (isNewType) await Promise.all(underWay)
    while (underWay.size >= parallel) await Promise.race(underWay)
    if (failure !== undefined) throw failure
    const sending = send(batch)
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => underWay.delete(sending))
    underWay.add(sending)
  }

  let batch: (Resource & { id: string })[] = []
  for (const resource of resources) {
    batch.push(resource)
    if (batch.length < bundleSize) continue
    await start(batch)
    batch = []
  }
  if (batch.length > 0) await start(batch)
  await Promise.all(underWay)
  if (failure !== undefined) throw failure
  return { stored }
}
