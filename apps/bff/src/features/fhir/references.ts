import { Refusal } from '#/lib/refusal.ts'

const LITERAL = /^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/
const CONTAINED = /^#[A-Za-z0-9\-.]{0,64}$/

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Every text that stands in an element `reference`, with the way to it. */
function* referencesIn(value: unknown, path: string): Generator<{ reference: string; path: string }> {
  if (!isContainer(value)) return
  for (const [key, child] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key.slice(0, 64)}`
    if (key === 'reference' && typeof child === 'string') yield { reference: child, path: place }
    else yield* referencesIn(child, place)
  }
}

/** References other than `Type/id` that a stored resource has already; a search among them is never one. */
export function keptReferences(stored: object): Set<string> {
  const found = [...referencesIn(stored, '')].map(({ reference }) => reference)
  return new Set(found.filter((reference) => !reference.includes('?')))
}

/**
 * Refuses what a client sends when a reference in it is not literal: a search in its place (`Patient?family=…`) would be
 * answered by the record for everyone it holds. `known` are the `urn:uuid` names of this transaction's entries, and what
 * the stored resource has already.
 */
export function requireLiteralReferences(
  resource: object & { resourceType: string },
  known: ReadonlySet<string> = new Set(),
): void {
  for (const { reference, path } of referencesIn(resource, resource.resourceType)) {
    if (LITERAL.test(reference) || CONTAINED.test(reference) || known.has(reference)) continue
    throw new Refusal(
      422,
      'value',
      'A reference here is Type/id, or names an entry of the same transaction',
      {
        expression: path.slice(0, 300),
      },
    )
  }
}
