import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes'
import { type LoadTarget, sendBundle } from '@openward/population/load'

import { Failure } from '../system/failure.ts'
import { type Item, type Problem, type Reading, replaceLinks } from './items.ts'

/** Small enough for servers that limit a transaction (500 entries at Azure Health Data Services). */
const MAX_ENTRIES = 400
const MAX_CHARACTERS = 4 * 1024 * 1024

export type Sent = { stored: Map<string, number>; problems: Problem[] }

function referencesOf(value: unknown, found: Set<string> = new Set()): Set<string> {
  replaceLinks(value, (link) => {
    found.add(link)
    return undefined
  })
  return found
}

/** The items with what they refer to first, as far as references do not go in circles. */
function inOrder(items: readonly Item[]): Item[] {
  const byAddress = new Map(items.map((item) => [item.fullUrl ?? item.request.url, item]))
  const ordered: Item[] = []
  const visited = new Set<Item>()
  for (const start of items) {
    const open: { item: Item; rest: Item[] }[] = []
    const enter = (item: Item) => {
      visited.add(item)
      const rest = [...referencesOf(item.resource)].flatMap((link) => byAddress.get(link) ?? [])
      open.push({ item, rest })
    }
    if (!visited.has(start)) enter(start)
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const next = top.rest.pop()
      if (next === undefined) {
        ordered.push(top.item)
        open.pop()
      } else if (!visited.has(next)) enter(next)
    }
  }
  return ordered
}

/** Consecutive parts that a server will take as one transaction. */
function parts(items: readonly Item[]): Item[][] {
  const all: Item[][] = []
  let part: Item[] = []
  let characters = 0
  for (const item of items) {
    const length = JSON.stringify(item.resource).length
    if (part.length > 0 && (part.length >= MAX_ENTRIES || characters + length > MAX_CHARACTERS)) {
      all.push(part)
      part = []
      characters = 0
    }
    part.push(item)
    characters += length
  }
  return part.length > 0 ? [...all, part] : all
}

/** A transaction of these items; whoever is not among them is named by the search that finds it. */
function transaction(items: readonly Item[], conditional: Reading['conditional']): Bundle {
  const present = new Set(items.map(({ fullUrl }) => fullUrl))
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: items.map(({ resource, request, fullUrl }) => {
      if (conditional.size > 0) {
        replaceLinks(resource, (link) => (present.has(link) ? undefined : conditional.get(link)))
      }
      return {
        ...(fullUrl === undefined ? {} : { fullUrl }),
        resource: resource as unknown as Resource,
        request,
      } as BundleEntry
    }),
  }
}

async function sendPart(
  target: LoadTarget,
  items: readonly Item[],
  conditional: Reading['conditional'],
  sent: Sent,
): Promise<void> {
  const answer = await sendBundle(target, transaction(items, conditional))
  if (answer.ok) {
    for (const { type } of items) sent.stored.set(type, (sent.stored.get(type) ?? 0) + 1)
    return
  }
  if (answer.isUnreachable) {
    throw new Failure(
      `The FHIR server at ${target.baseUrl} does not answer (${answer.reason}). Start it and run the import again: it goes on where it stopped.`,
    )
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new Failure(`The FHIR server at ${target.baseUrl} refuses the token (${answer.status}).`)
  }
  const [first] = items
  if (items.length === 1 && first) {
    sent.problems.push({
      where: first.where,
      type: first.type,
      reason: answer.reason.replaceAll('Bundle.entry[0].', ''),
    })
    return
  }
  const middle = Math.ceil(items.length / 2)
  await sendPart(target, items.slice(0, middle), conditional, sent)
  await sendPart(target, items.slice(middle), conditional, sent)
}

/**
 * Stores what a reading holds. A transaction that is refused is halved until the entries at fault stand alone; those
 * come back as problems and all others are stored. Throws `Failure` when the server is away or refuses the token.
 */
export async function sendReading(target: LoadTarget, reading: Reading): Promise<Sent> {
  const sent: Sent = { stored: new Map(), problems: [] }
  for (const part of parts(inOrder(reading.items))) await sendPart(target, part, reading.conditional, sent)
  return sent
}
