import type { AuditEvent } from '@medplum/fhirtypes'
import { createHash } from 'node:crypto'

import { canonicalJson } from './canonical-json.ts'

/**
 * One link of the chain that a spool keeps: what was recorded, and the hash of the link before. `event` goes through the
 * spool; `intent` tells of an event that a transaction is about to store with its write; `stored` that it was, where its
 * content was not known before (the id of what it created); `void` that it was not.
 */
export type ChainLink = {
  chain: string
  /** From 1, without a gap. */
  n: number
  /** Hash of the link before; empty for the first. */
  prev: string
  kind: 'event' | 'intent' | 'stored' | 'void'
  organization: string
  /** Of the AuditEvent. */
  id: string
  /** Of the AuditEvent's content; empty where that was void, or not known yet. */
  hash: string
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Of everything that an event says; what a server adds by itself (`meta`, `text`) does not count. */
export function hashOfEvent(event: AuditEvent): string {
  const { meta: _meta, text: _text, ...content } = event
  return sha256(canonicalJson(content))
}

/** Whether an event refers to something that only the transaction which creates it will name. */
export function isUnsettled(event: AuditEvent): boolean {
  return event.entity?.some(({ what }) => what?.reference?.startsWith('urn:uuid:')) === true
}

export function hashOfLink({ chain, n, prev, kind, organization, id, hash }: ChainLink): string {
  return sha256([chain, n, prev, kind, organization, id, hash].join('\n'))
}

/** The first place where a chain is not whole, in words; undefined when every link follows from the one before. */
export function faultOfChain(links: readonly ChainLink[]): string | undefined {
  let [n, prev] = [0, '']
  for (const link of links) {
    if (link.n !== n + 1) return `link ${n + 1} is missing`
    if (link.prev !== prev) return `link ${link.n} does not follow from the one before`
    n = link.n
    prev = hashOfLink(link)
  }
  return undefined
}
