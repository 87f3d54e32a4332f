import type { AuditEvent } from '@medplum/fhirtypes'

import { type ChainLink, faultOfChain, hashOfEvent } from '../../apps/bff/src/lib/audit-chain.ts'
import type { AuditFolder } from '../../apps/bff/src/lib/audit-links.ts'

/** What the chains say about the events of one organisation. */
export type Expected = {
  /** Id of each event → the hash of what it says. */
  hashes: Map<string, string>
  /** Those that need not be in the record: they wait in the spool, or were refused. */
  elsewhere: ReadonlySet<string>
  /** Ids of events of which it is not known whether they were stored. */
  open: Set<string>
}

/** The first fault of each chain that is not whole, by the name of the chain. */
export function faultsOf(chains: AuditFolder['chains']): Map<string, string> {
  return new Map(
    [...chains].flatMap(([chain, links]) => {
      const fault = faultOfChain(links)
      return fault === undefined ? [] : [[chain, fault] as const]
    }),
  )
}

/** What must be in each organisation's record. */
export function expectedOf({ chains, waiting, refused }: AuditFolder): Map<string, Expected> {
  const all = [...chains.values()].flat()
  const voided = new Set(all.flatMap(({ kind, id }) => (kind === 'void' ? [id] : [])))
  const elsewhere = new Set([...waiting, ...refused])
  const byOrganization = Map.groupBy(
    all.filter(({ id }) => !voided.has(id)),
    ({ organization }) => organization,
  )
  return new Map(
    [...byOrganization].map(([organization, links]) => [organization, { ...expectedIn(links), elsewhere }]),
  )
}

function expectedIn(links: readonly ChainLink[]): Omit<Expected, 'elsewhere'> {
  const hashes = new Map<string, string>()
  for (const { id, hash } of links) if (hash !== '') hashes.set(id, hash)
  const open = new Set(links.flatMap(({ id, hash }) => (hash === '' && !hashes.has(id) ? [id] : [])))
  return { hashes, open }
}

/** What differs between the chains and the record. */
export type Difference = {
  intact: number
  /** Events that say something else than when they were recorded. */
  changed: string[]
  /** Events that were recorded and are not there. */
  missing: string[]
  /** Events that no chain knows: brought by an import, or by another installation. */
  unknown: number
}

/** Compares the stored events of one organisation, in any order, with what the chains say. */
export async function compare(
  { hashes, elsewhere, open }: Expected,
  stored: AsyncIterable<AuditEvent> | Iterable<AuditEvent>,
): Promise<Difference> {
  const left = new Set([...hashes.keys()].filter((id) => !elsewhere.has(id)))
  const difference: Difference = { intact: 0, changed: [], missing: [], unknown: 0 }
  for await (const event of stored) {
    const id = event.id ?? ''
    const hash = hashes.get(id)
    left.delete(id)
    if (hash === undefined) difference.unknown += open.has(id) ? 0 : 1
    else if (hash === hashOfEvent(event)) difference.intact += 1
    else difference.changed.push(id)
  }
  difference.missing = [...left]
  return difference
}
