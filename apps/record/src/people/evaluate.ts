import { isResourceType } from '../definitions/definitions.ts'
import { isObject } from '../fhir/json.ts'
import type { Store } from '../store/store.ts'
import { PeopleSet } from './people-set.ts'
import type { PeopleQuestion, Search, Tree } from './question.ts'
import { personsSql } from './searches.ts'

const MAX_CACHED_BYTES = 32 * 1024 * 1024

/** Who matches a tree of searches: each search is asked once of the index, groups are combined bit by bit. */
export class PeopleEvaluator {
  readonly #store: Store
  /** Search, and the last change of every type that it looks at → who matches; the latest used last. */
  readonly #known = new Map<string, PeopleSet>()
  #cachedBytes = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** To be called in one read transaction. `onSearch` hears how many each search matches as soon as that is known. */
  evaluate(
    question: PeopleQuestion,
    onSearch: (at: number, count: number) => void = () => undefined,
  ): PeopleSet {
    const everybody = this.#everybody(question.patients)
    const found = new Map<Search, PeopleSet>()
    for (const [at, search] of question.searches.entries()) {
      const people = this.#matching(search, question.patients)
      found.set(search, people)
      onSearch(at, people.size)
    }
    return combine(question.tree, everybody, found)
  }

  #everybody(patients: string[] | undefined): PeopleSet {
    if (patients === undefined)
      return this.#cached('everybody', new Set(['Patient']), () => this.#read(ALL, [], 1))
    const sql =
      "SELECT pk FROM res WHERE rt = 'Patient' AND id IN (SELECT value FROM json_each(?)) AND +del = 0"
    return this.#read(sql, [JSON.stringify(patients)], 1)
  }

  #matching(search: Search, patients: string[] | undefined): PeopleSet {
    const key = JSON.stringify([search.query, search.latest?.query, search.by, search.minimum])
    const make = (among: string[] | undefined) => {
      const { sql, args } = personsSql(this.#store, search, among)
      return this.#read(sql, args, search.minimum)
    }
    const types = typesIn(
      [search.criteria.filters, search.latest?.criteria.filters],
      new Set(['Patient', search.criteria.type]),
    )
    return patients === undefined ? this.#cached(key, types, () => make(undefined)) : make(patients)
  }

  #read(sql: string, args: (string | number | null)[], minimum: number): PeopleSet {
    const { db } = this.#store
    const largest = db.get<{ pk: number | null }>('SELECT max(pk) AS pk FROM res')?.pk ?? 0
    const people = PeopleSet.upTo(largest)
    // One text instead of a hundred thousand rows: made several times faster.
    const text = db.get<{ list: string }>(
      `SELECT json_group_array(f.pk) AS list FROM (${named(sql)}) f`,
      ...args,
    )?.list
    const numbers = JSON.parse(text ?? '[]') as number[]
    if (minimum === 1) for (const number of numbers) people.add(number)
    else {
      const counts = new Map<number, number>()
      for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
      for (const [number, count] of counts) if (count >= minimum) people.add(number)
    }
    return people
  }

  #cached(key: string, types: Set<string>, make: () => PeopleSet): PeopleSet {
    const { db } = this.#store
    const last = [...types].map(
      (type) =>
        db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM chg WHERE rt = ?', type)?.seq ?? 0,
    )
    const whole = `${key} ${last.join(',')}`
    const known = this.#known.get(whole)
    this.#known.delete(whole)
    const people = known ?? make()
    this.#known.set(whole, people)
    if (known === undefined) this.#cachedBytes += people.bytes
    for (const [oldest, set] of this.#known) {
      if (this.#cachedBytes <= MAX_CACHED_BYTES || oldest === whole) break
      this.#known.delete(oldest)
      this.#cachedBytes -= set.bytes
    }
    return people
  }
}

const ALL = "SELECT pk FROM res WHERE rt = 'Patient' AND del = 0"

function named(sql: string): string {
  return `WITH w (pk) AS (${sql}) SELECT pk FROM w`
}

function combine(tree: Tree, everybody: PeopleSet, found: Map<Search, PeopleSet>): PeopleSet {
  if (tree.kind === 'search') return found.get(tree.search) ?? everybody
  const parts = tree.of.map((part) => combine(part, everybody, found))
  if (tree.kind === 'all') return parts.reduce((all, part) => all.and(part), everybody)
  const nobody = everybody.except(everybody)
  const any = parts.reduce((some, part) => some.or(part), nobody)
  return tree.kind === 'any' ? any : everybody.except(any)
}

/** Every resource type that filters name, also within chains; what a parameter is defined as is not looked at. */
function typesIn(value: unknown, types: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const item of value) typesIn(item, types)
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'param') continue
      if (isResourceType(item)) types.add(item)
      else typesIn(item, types)
    }
  }
  return types
}
