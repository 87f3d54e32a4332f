import { type LocalReference, parseLocalReference } from '../fhir/references.ts'

const KEY = '"reference":"'

/**
 * What the stored bodies refer to, found without parsing them: stored bodies are our own JSON without white space, and
 * inside a text the quotes of these words would be escaped.
 */
export function referencesIn(bodies: Iterable<string>, base: string): LocalReference[] {
  const texts = new Set<string>()
  for (const body of bodies) {
    for (let at = body.indexOf(KEY); at >= 0; at = body.indexOf(KEY, at)) {
      at += KEY.length
      texts.add(body.slice(at, body.indexOf('"', at)))
    }
  }
  const found = new Map<string, LocalReference>()
  for (const text of texts) {
    const local = parseLocalReference(text, base)
    if (local !== undefined) found.set(`${local.type}/${local.id}`, local)
  }
  return [...found.values()]
}
