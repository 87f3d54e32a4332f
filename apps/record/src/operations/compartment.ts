import { definitions } from '../definitions/definitions.ts'
import type { Store } from '../store/store.ts'

/** Whose resources: the person, or the visit. */
export type Compartment = 'Patient' | 'Encounter'

/** Numbers of the reference parameters that put a resource into a compartment, of some types or of all. */
export function compartmentParameters(
  store: Store,
  compartment: Compartment,
  types?: ReadonlySet<string>,
): number[] {
  return Object.entries(definitions.compartments[compartment] ?? {}).flatMap(([type, codes]) =>
    types?.has(type) === false ? [] : codes.flatMap((code) => store.numbers.get(type)?.get(code) ?? []),
  )
}

const NOT_CARE = new Set(['birthdate', 'death-date', 'value-date'])

/** Numbers of the parameters that say when care took place; when somebody was born is not one of them. */
export function careDateParameters(store: Store): number[] {
  return Object.entries(definitions.search).flatMap(([type, own]) =>
    Object.entries(own).flatMap(([code, param]) => {
      const p = param.type === 'date' && !NOT_CARE.has(code) ? store.numbers.get(type)?.get(code) : undefined
      return p === undefined ? [] : [p]
    }),
  )
}
