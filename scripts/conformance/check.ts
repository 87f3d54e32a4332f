import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes'

import { printable } from '../import/words.ts'
import { addressIn, outcomeOf, type Reply, type Stored, type TestedServer } from './server.ts'

/** The server does something else than it should. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed'
}

/** The server says that it does not have this, or lets it pass unnoticed. */
export class NotSupported extends Error {
  override readonly name = 'NotSupported'
}

/** Looks at one thing. What it returns is said beside a pass; it throws `CheckFailed` or `NotSupported` otherwise. */
export type Check = (server: TestedServer) => Promise<string | void>

export function fail(sentence: string): never {
  throw new CheckFailed(sentence)
}

export function expectThat(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) fail(otherwise)
}

/** The words of an answer's OperationOutcome, short and safe to print. */
function wordsOf(reply: Reply): string {
  const issue = outcomeOf(reply)?.issue?.[0]
  const text = issue?.details?.text ?? issue?.diagnostics ?? issue?.code
  return text === undefined ? '' : `: ${printable(text, 160)}`
}

function isDeclined(reply: Reply): boolean {
  if (reply.status === 405 || reply.status === 501) return true
  return reply.status >= 400 && outcomeOf(reply)?.issue?.[0]?.code === 'not-supported'
}

/** Requires one of these statuses; a server that says it has no such thing is `NotSupported`. */
export function expectStatus(reply: Reply, allowed: readonly number[], what: string): void {
  if (allowed.includes(reply.status)) return
  const sentence = `${what} answers ${reply.status}, not ${allowed.join(' or ')}${wordsOf(reply)}`
  if (isDeclined(reply)) throw new NotSupported(sentence)
  fail(sentence)
}

export function bundleIn(reply: Reply, what: string): Bundle {
  const body = reply.body as Bundle | undefined
  expectThat(body?.resourceType === 'Bundle', `${what} answers no Bundle`)
  return body
}

export function resourceIn<T extends Resource>(reply: Reply, what: string): T & Stored {
  const body = reply.body as (T & Stored) | undefined
  expectThat(typeof body?.id === 'string', `${what} answers no resource with an id`)
  return body
}

/** Stores a new resource and gives it as it is stored. */
export async function create<T extends Resource>(server: TestedServer, resource: T): Promise<T & Stored> {
  const what = `Creating a ${resource.resourceType}`
  const reply = await server.send('POST', resource.resourceType, {
    body: resource,
    headers: { prefer: 'return=representation' },
  })
  expectStatus(reply, [201], what)
  if (reply.body !== undefined) return resourceIn<T>(reply, what)
  const address = addressIn(reply.headers.get('location'))
  expectThat(address !== undefined, `${what} tells neither the resource nor its Location`)
  return read<T>(server, address)
}

export async function read<T extends Resource>(
  server: TestedServer,
  address: string,
): Promise<T & Stored & { meta: { versionId: string } }> {
  const what = `Reading ${address.split('/')[0]}`
  const reply = await server.send('GET', address)
  expectStatus(reply, [200], what)
  const resource = resourceIn<T>(reply, what)
  expectThat(resource.meta?.versionId !== undefined, `${what} answers no meta.versionId`)
  return resource as T & Stored & { meta: { versionId: string } }
}

export async function update<T extends Stored>(
  server: TestedServer,
  resource: T,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const address = `${resource.resourceType}/${resource.id}`
  return server.send('PUT', address, { body: resource, headers })
}

function transactionOf(entry: BundleEntry[]): Bundle {
  return { resourceType: 'Bundle', type: 'transaction', entry }
}

export function sendTransaction(server: TestedServer, entry: BundleEntry[]): Promise<Reply> {
  return server.send('POST', '', { body: transactionOf(entry) })
}

export function post(resource: Resource, fullUrl?: string): BundleEntry {
  return {
    ...(fullUrl === undefined ? {} : { fullUrl }),
    resource,
    request: { method: 'POST', url: resource.resourceType },
  }
}

export function put(
  resource: Stored,
  condition: { ifMatch?: string; ifNoneMatch?: string } = {},
): BundleEntry {
  return {
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}`, ...condition },
  }
}

export function weak(versionId: string | undefined): string {
  return `W/"${versionId ?? ''}"`
}

type Found = { matches: Stored[]; included: Stored[]; bundle: Bundle }

export function foundIn(reply: Reply, what: string): Found {
  expectStatus(reply, [200], what)
  const bundle = bundleIn(reply, what)
  const found: Found = { matches: [], included: [], bundle }
  for (const { resource, search } of bundle.entry ?? []) {
    if (resource?.id === undefined || search?.mode === 'outcome') continue
    const list = search?.mode === 'include' ? found.included : found.matches
    list.push(resource as Stored)
  }
  return found
}

/** Searches as Openward does: by POST, and as the server knows it now. */
export async function search(server: TestedServer, type: string, query: string): Promise<Found> {
  const reply = await server.send('POST', `${type}/_search`, {
    form: query,
    headers: { 'cache-control': 'no-cache' },
  })
  return foundIn(reply, `${type}?${query.replaceAll(server.run, '…')}`)
}

export function idsOf(resources: readonly Stored[]): string[] {
  return resources.map(({ id }) => id).sort()
}
