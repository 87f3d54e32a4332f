import { definitions, isResourceType, type ElementRule } from '../definitions/definitions.ts'
import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import { Refusal } from '../fhir/outcome.ts'
import { findIds } from '../search/search.ts'
import type { Store } from '../store/store.ts'

/** What stands in for a resource beside references; texts such as the value of an identifier are left as they are. */
const LINKS = new Set(['uri', 'url', 'oid', 'uuid'])
/** What relative references stand below where an entry came from: all of its full URL before `Type/id`. */
const SERVER = /^(https?:\/\/.+\/)[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?(.+)$/

/**
 * Replaces the full URLs of a transaction's entries and its conditional references by `Type/id`: in references, in links
 * of the narrative and in elements that hold a URI. A relative reference is one below where its own entry came from.
 * Outside of a transaction a conditional reference is refused: there FHIR does not know it.
 * @see https://hl7.org/fhir/R4/http.html#trules
 */
export class ReferenceResolver {
  readonly #store: Store
  readonly #known: Map<string, string>
  readonly #isTransaction: boolean
  #mustKnow = false
  #server = ''
  readonly #searched = new Map<string, string>()

  /** `known`: full URL → `Type/id` of a transaction's entries; undefined outside of one. */
  constructor(store: Store, known?: Map<string, string>) {
    this.#store = store
    this.#known = known ?? new Map()
    this.#isTransaction = known !== undefined
  }

  /** A Bundle that is stored as a whole keeps its own `urn:uuid` links. */
  resolve(resource: JsonObject, path: string, fullUrl = ''): JsonObject {
    this.#mustKnow = this.#isTransaction && resource['resourceType'] !== 'Bundle'
    this.#server = SERVER.exec(fullUrl)?.[1] ?? ''
    return this.#object(resource, undefined, path)
  }

  #object(value: JsonObject, rule: ElementRule | undefined, path: string): JsonObject {
    const named = value['resourceType']
    const type = typeof named === 'string' ? named : (rule?.type ?? '')
    const elements = Object.hasOwn(definitions.types, type) ? definitions.types[type]?.elements : undefined
    for (const key in value) {
      const child = value[key] as Json
      const inner = elements !== undefined && Object.hasOwn(elements, key) ? elements[key] : undefined
      if (typeof child === 'string') {
        if (key === 'reference') value[key] = this.#reference(child, `${path}.${key}`)
        else if (key === 'div') value[key] = this.#narrative(child)
        else if (inner !== undefined && LINKS.has(inner.type)) value[key] = this.#link(child)
      } else if (Array.isArray(child)) this.#array(child, inner, `${path}.${key}`)
      else if (isObject(child)) this.#object(child, inner, `${path}.${key}`)
    }
    return value
  }

  #array(list: Json[], rule: ElementRule | undefined, path: string): void {
    for (let at = 0; at < list.length; at++) {
      const child = list[at] as Json
      if (Array.isArray(child)) this.#array(child, rule, `${path}[${at}]`)
      else if (isObject(child)) this.#object(child, rule, `${path}[${at}]`)
      else if (typeof child === 'string' && rule !== undefined && LINKS.has(rule.type))
        list[at] = this.#link(child)
    }
  }

  #link(text: string): string {
    return isLink(text) ? (this.#known.get(text) ?? text) : text
  }

  #reference(reference: string, path: string): string {
    const known = this.#known.get(reference) ?? this.#known.get(`${this.#server}${reference}`)
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
