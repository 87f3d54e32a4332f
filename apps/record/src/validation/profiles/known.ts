import { isObject, parseBody, type JsonObject } from '../../fhir/json.ts'
import type { Store } from '../../store/store.ts'
import { compileProfile, isProfile } from './compile.ts'
import { ValueSets } from './terminology.ts'
import { BrokenProfile, type Profile } from './tree.ts'

const CONFORMANCE = ['StructureDefinition', 'ValueSet', 'CodeSystem'] as const
const MAX_BASES = 20
/** The last change of each: not by its number alone, which another change may take after a rollback. */
const STAMP = `SELECT concat_ws('|', ${CONFORMANCE.map(
  (type) =>
    `(SELECT concat_ws(' ', seq, ver, method, id) FROM chg WHERE rt = '${type}' ORDER BY seq DESC LIMIT 1)`,
).join(', ')}) AS stamp`

const byStore = new WeakMap<Store, KnownProfiles>()

/** Profiles, value sets and code systems that a record stores, compiled when first asked for and until one of them changes. */
export class KnownProfiles {
  readonly #store: Store
  #stamp: string | undefined
  readonly #urls = new Map<string, Map<string, number[]>>()
  readonly #profiles = new Map<string, Profile | undefined>()
  #valueSets: ValueSets

  private constructor(store: Store) {
    this.#store = store
    this.#valueSets = new ValueSets((type, canonical) => this.#find(type, canonical))
  }

  /** Those of a store as they are at this moment, in a transaction as the transaction sees them. */
  static of(store: Store): KnownProfiles {
    const known = byStore.get(store) ?? new KnownProfiles(store)
    byStore.set(store, known)
    known.#refresh()
    return known
  }

  get hasAny(): boolean {
    return this.#urlsOf('StructureDefinition').size > 0
  }

  get valueSets(): ValueSets {
    return this.#valueSets
  }

  /** `url` or `url|version`; without a version the newest. Undefined when it is not stored, or no constraint on a type. */
  profile(canonical: string, depth = 0): Profile | undefined {
    if (this.#profiles.has(canonical)) return this.#profiles.get(canonical)
    const definition = depth > MAX_BASES ? undefined : this.#find('StructureDefinition', canonical)
    const made = definition === undefined ? undefined : this.#compile(definition, depth)
    if (depth <= MAX_BASES) this.#profiles.set(canonical, made)
    return made
  }

  /** Refuses a definition that makes no sense, before it is stored. */
  requireSound(definition: JsonObject): void {
    const own = String(definition['url'])
    if (!isProfile(definition)) return
    if (String(definition['baseDefinition']).split('|')[0] === own)
      throw new BrokenProfile('A profile cannot be based on itself.', 'StructureDefinition.baseDefinition')
    compileProfile(definition, (canonical) => this.profile(canonical, 1))
  }

  #compile(definition: JsonObject, depth: number): Profile | undefined {
    if (!isProfile(definition)) return undefined
    try {
      return compileProfile(definition, (canonical) => this.profile(canonical, depth + 1))
    } catch (error) {
      // Sound when it was stored; what it is based on has changed since.
      if (error instanceof BrokenProfile) return undefined
      throw error
    }
  }

  #refresh(): void {
    const stamp = this.#store.db.get<{ stamp: string }>(STAMP)?.stamp ?? ''
    if (stamp === this.#stamp) return
    this.#stamp = stamp
    this.#urls.clear()
    this.#profiles.clear()
    this.#valueSets = new ValueSets((type, canonical) => this.#find(type, canonical))
  }

  #find(type: string, canonical: string): JsonObject | undefined {
    const [url = '', version] = canonical.split('|')
    const found = (this.#urlsOf(type).get(url) ?? [])
      .map((pk) => this.#store.db.get<{ body: string }>('SELECT body FROM res WHERE pk = ?', pk)?.body ?? '')
      .filter((body) => body !== '')
      .map((body) => parseBody(body))
      .filter((one) => version === undefined || one['version'] === version)
    return found.sort((a, b) => compareVersions(b['version'], a['version']) || newestFirst(a, b))[0]
  }

  #urlsOf(type: string): Map<string, number[]> {
    const known = this.#urls.get(type)
    if (known !== undefined) return known
    const urls = new Map<string, number[]>()
    const p = this.#store.numbers.get(type)?.get('url')
    const rows =
      p === undefined
        ? []
        : this.#store.db.all<{ v: string; r: number }>('SELECT v, r FROM ix_uri WHERE p = ?', p)
    for (const { v, r } of rows) {
      const own = urls.get(v) ?? []
      own.push(r)
      urls.set(v, own)
    }
    this.#urls.set(type, urls)
    return urls
  }
}

/** 10.0.0 is newer than 9.1: the numbers in a version are compared as numbers. */
export function compareVersions(a: unknown, b: unknown): number {
  return String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true })
}

function newestFirst(a: JsonObject, b: JsonObject): number {
  const [left, right] = [a['meta'], b['meta']].map((meta) =>
    isObject(meta ?? null) ? String((meta as JsonObject)['lastUpdated']) : '',
  )
  return (right ?? '').localeCompare(left ?? '')
}
