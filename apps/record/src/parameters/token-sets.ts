import type { SearchParam } from '../definitions/definitions.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import type { Store } from '../store/store.ts'
import { KnownProfiles } from '../validation/profiles/known.ts'
import { badValue, unescape, type IndexCondition } from './condition.ts'
import { parseToken } from './token.ts'

/** How many different codes of one parameter are compared with a value set. */
const MAX_CODES = 20_000
/** More codes than this are not looked up one by one for each resource. */
const MAX_LOOKED_UP = 20
const CODED = new Set(['code', 'Coding', 'CodeableConcept'])

/** Terminology is about codes, not about identifiers or phone numbers. */
export function isCoded(param: SearchParam): boolean {
  return param.paths.every((path) => CODED.has(path.type))
}

/** `:in` a value set, `:below` or `:above` a code of its system: whichever codes stored under the parameter belong there. */
export function tokenSetCondition(
  store: Store,
  p: number,
  { code, modifier, values, param }: { code: string; modifier: string; values: string[]; param: SearchParam },
): IndexCondition {
  const tests = values.map((value) =>
    modifier === 'in' ? memberOf(store, unescape(value)) : relatedTo(store, code, value, modifier),
  )
  // The system of a `code` is implied by its element and not written down.
  const isImplied = param.paths.every((path) => path.type === 'code')
  const found = codesUnder(store, p, code).filter(([v, s]) =>
    tests.some((test) => (s === '' && !isImplied ? false : test(s === '' ? undefined : s, v))),
  )
  const where = (alias: string) =>
    `${alias}.v IN (SELECT json_extract(value, '$[0]') FROM json_each(?)) AND (${alias}.v, ${alias}.s) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))`
  return {
    table: 'ix_tok',
    where: (alias) => `${alias}.p = ? AND ${where(alias)}`,
    args: [p, JSON.stringify(found), JSON.stringify(found)],
    isProbeCheap: found.length <= MAX_LOOKED_UP,
    canRepeat: true,
  }
}

type Test = (system: string | undefined, code: string) => boolean

function memberOf(store: Store, valueSet: string): Test {
  const { valueSets } = KnownProfiles.of(store)
  const test: Test = (system, code) => known(valueSets.has(valueSet, system, code), 'value set', valueSet)
  // A set that is not known is refused also when no code is there to be asked about.
  test('urn:none', '')
  return test
}

function relatedTo(store: Store, code: string, value: string, modifier: string): Test {
  const { valueSets } = KnownProfiles.of(store)
  const { system, code: given } = parseToken(value)
  if (system === undefined || system === '' || given === undefined)
    throw badValue(code, `code with its system, as :${modifier} needs it`)
  const isBelow = (one: string, other: string) =>
    known(valueSets.isBelow(system, one, other), 'code system', system)
  isBelow(given, given)
  return (itsSystem, itsCode) => {
    if (itsSystem !== undefined && itsSystem !== system) return false
    return modifier === 'below' ? isBelow(itsCode, given) : isBelow(given, itsCode)
  }
}

function known(answer: boolean | undefined, kind: string, url: string): boolean {
  if (answer === undefined)
    throw invalidRequest(`The ${kind} "${url.slice(0, 200)}" is not known here, or cannot be listed.`)
  return answer
}

function codesUnder(store: Store, p: number, code: string): [string, string][] {
  const rows = store.db.all<{ v: string; s: string }>(
    "SELECT DISTINCT v, s FROM ix_tok WHERE p = ? AND v <> '' LIMIT ?",
    p,
    MAX_CODES + 1,
  )
  if (rows.length > MAX_CODES)
    throw invalidRequest(`There are too many different codes of "${code}" to compare with a value set.`, code)
  return rows.map(({ v, s }) => [v, s])
}
