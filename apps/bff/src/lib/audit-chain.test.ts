import type { AuditEvent } from '@medplum/fhirtypes'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type ChainLink, faultOfChain, hashOfEvent, hashOfLink } from './audit-chain.ts'

function chainOf(length: number): ChainLink[] {
  const links: ChainLink[] = []
  for (let n = 1; n <= length; n++) {
    const last = links.at(-1)
    const prev = last === undefined ? '' : hashOfLink(last)
    links.push({ chain: 'c', n, prev, kind: 'event', organization: 'o', id: `e${n}`, hash: `h${n}` })
  }
  return links
}

test('a whole chain has no fault, and every change of one sign in one link is one', () => {
  expect(faultOfChain(chainOf(20))).toBeUndefined()
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 18 }),
      fc.constantFrom('prev' as const, 'id' as const, 'hash' as const, 'organization' as const),
      fc.string({ minLength: 1, maxLength: 3 }),
      (at, name, more) => {
        const links = chainOf(20)
        const changed = links.map((link, index) =>
          index === at ? { ...link, [name]: link[name] + more } : link,
        )
        expect(faultOfChain(changed)).toBeDefined()
      },
    ),
  )
})

test('a link that is taken out, doubled or put elsewhere is a fault', () => {
  const links = chainOf(6)
  expect(faultOfChain(links.toSpliced(2, 1))).toBe('link 3 is missing')
  expect(faultOfChain(links.slice(1))).toBe('link 1 is missing')
  expect(faultOfChain(links.toSpliced(2, 0, links[1] as ChainLink))).toBeDefined()
  expect(faultOfChain(links.with(2, links[3] as ChainLink).with(3, links[2] as ChainLink))).toBeDefined()
})

const EVENT: AuditEvent = {
  resourceType: 'AuditEvent',
  id: 'e',
  type: { system: 's', code: 'rest' },
  recorded: '2027-01-01T00:00:00Z',
  agent: [{ requestor: true, who: { display: 'Ana' } }],
  source: { observer: { display: 'Openward BFF' } },
}

test('what a server adds, and the order it keeps, leave the hash of an event as it was; everything else changes it', () => {
  const { resourceType, ...rest } = EVENT
  const reordered = Object.fromEntries(Object.entries(rest).toReversed())
  const stored = { ...reordered, meta: { versionId: '1' }, resourceType } as unknown as AuditEvent
  expect(hashOfEvent(stored)).toBe(hashOfEvent(EVENT))
  for (const change of [
    { id: 'f' },
    { outcome: '4' as const },
    { agent: [{ requestor: true, who: { display: 'Bea' } }] },
    { agent: [...EVENT.agent, { requestor: false }] },
  ])
    expect(hashOfEvent({ ...EVENT, ...change })).not.toBe(hashOfEvent(EVENT))
})
