import { isResourceType } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { Refusal } from '../fhir/outcome.ts'
import { findIds } from '../search/search.ts'
import type { Store } from '../store/store.ts'

const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/

/**
 * Replaces the full URLs of a transaction's entries and its conditional references by `Type/id`, anywhere in a resource.
 * Outside of a transaction a conditional reference is refused: there FHIR does not know it.
 * @see https://hl7.org/fhir/R4/http.html#trules
 */
export class ReferenceResolver {
  readonly #store: Store
  readonly #known: Map<string, string>
  readonly #isTransaction: boolean
  #mustKnow = false
  readonly #searched = new Map<string, string>()

  /** `known`: full URL → `Type/id` of a transaction's entries; undefined outside of one. */
  constructor(store: Store, known?: Map<string, string>) {
    this.#store = store
    this.#known = known ?? new Map()
    this.#isTransaction = known !== undefined
  }

  /** A Bundle that is stored as a whole keeps its own `urn:uuid` links. */
  resolve(resource: JsonObject, path: string): JsonObject {
    this.#mustKnow = this.#isTransaction && resource['resourceType'] !== 'Bundle'
    return this.#object(resource, path)
  }

  #object(value: JsonObject, path: string): JsonObject {
    for (const key in value) {
      const child = value[key] as Json
      if (typeof child === 'string') {
        if (key === 'reference') value[key] = this.#reference(child, `${path}.${key}`)
        else if (key === 'div') value[key] = this.#narrative(child)
        else
          value[key] =
            this.#known.get(child) !== undefined && isLink(child) ? (this.#known.get(child) ?? child) : child
      } else if (Array.isArray(child)) this.#array(child, `${path}.${key}`)
      else if (isObject(child)) this.#object(child, `${path}.${key}`)
    }
    return value
  }

  #array(list: Json[], path: string): void {
    for (let at = 0; at < list.length; at++) {
      const child = list[at] as Json
      if (Array.isArray(child)) this.#array(child, `${path}[${at}]`)
      else if (isObject(child)) this.#object(child, `${path}[${at}]`)
      else if (typeof child === 'string' && isLink(child)) list[at] = this.#known.get(child) ?? child
    }
  }

  #reference(reference: string, path: string): string {
    const known = this.#known.get(reference)
    if (known !== undefined) return known
    if (this.#mustKnow && isLink(reference)) {
      throw new Refusal(400, 'not-found', 'The reference names no entry of this bundle.', path)
    }
    const match = CONDITIONAL.exec(reference)
    if (match === null) return reference
    const [, type = '', criteria = ''] = match
    if (!isResourceType(type)) return reference
    if (!this.#isTransaction)
      throw new Refusal(
        422,
        'not-supported',
        'A conditional reference is resolved only inside a transaction.',
        path,
      )
    const searched = this.#searched.get(reference)
    if (searched !== undefined) return searched
    const [id, ...more] = findIds(this.#store, type, criteria, 2)
    if (id === undefined)
      throw new Refusal(412, 'not-found', 'Nothing matches the conditional reference.', path)
    if (more.length > 0)
      throw new Refusal(412, 'multiple-matches', 'Several resources match the conditional reference.', path)
    this.#searched.set(reference, `${type}/${id}`)
    return `${type}/${id}`
  }

  #narrative(div: string): string {
    if (!div.includes('urn:')) return div
    return div.replace(/(["'])(urn:(?:uuid|oid):[^"']+)\1/g, (whole: string, quote: string, url: string) => {
      const known = this.#known.get(url)
      return known === undefined ? whole : `${quote}${known}${quote}`
    })
  }
}

function isLink(text: string): boolean {
  return text.startsWith('urn:uuid:') || text.startsWith('urn:oid:')
}

export function hasConditionalReference(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasConditionalReference)
  if (!isObject(value)) return false
  for (const key in value) {
    const child = value[key] as Json
    if (
      key === 'reference' && typeof child === 'string'
        ? CONDITIONAL.test(child)
        : hasConditionalReference(child)
    )
      return true
  }
  return false
}
