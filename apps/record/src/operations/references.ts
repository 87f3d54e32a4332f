import { type LocalReference, parseLocalReference } from '../fhir/references.ts'

const KEY = '"reference":"'

/**
 * Collects what stored bodies refer to, without parsing them: stored bodies are our own JSON without white space, and
 * inside a text the quotes of these words would be escaped.
 */
export function collectReferences(body: string, texts: Set<string>): void {
  for (let at = body.indexOf(KEY); at >= 0; at = body.indexOf(KEY, at)) {
    at += KEY.length
    texts.add(body.slice(at, body.indexOf('"', at)))
  }
}

/** Those of them that are our own resources, each once. */
export function localReferences(texts: Iterable<string>, base: string): LocalReference[] {
  const found = new Map<string, LocalReference>()
  for (const text of texts) {
    const local = parseLocalReference(text, base)
    if (local !== undefined) found.set(`${local.type}/${local.id}`, local)
  }
  return [...found.values()]
}
