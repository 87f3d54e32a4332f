import type { SearchParam } from '../definitions/definitions.ts'

/** One condition of a search, its values joined by "or". */
export type Filter =
  | { kind: 'id'; ids: string[] }
  | { kind: 'updated'; values: string[] }
  | { kind: 'list'; type: string; ids: string[] }
  | {
      kind: 'param'
      type: string
      code: string
      param: SearchParam
      modifier: string | undefined
      values: string[]
    }
  | { kind: 'missing'; type: string; code: string; param: SearchParam; isMissing: boolean }
  | { kind: 'chain'; type: string; code: string; targets: { type: string; filter: Filter }[] }
  | { kind: 'has'; source: string; code: string; targetType: string; filter: Filter }
  | ({ kind: 'compartment'; type: string } & Compartment)

/** The resources of one person, visit or device: `codes` are the references that may lead there from the type searched. */
export interface Compartment {
  compartment: string
  id: string
  codes: string[]
}

export interface SortKey {
  code: '_id' | '_lastUpdated' | (string & {})
  param: SearchParam | undefined
  isDescending: boolean
}

export interface Include {
  /** A resource type, or `*` for every reference of every type. */
  source: string
  /** A reference parameter, or `*` for every one. */
  code: string
  target: string | undefined
  iterate: boolean
}

/** How much of each resource is answered. */
type Summary = 'true' | 'text' | 'data' | 'false'

export interface SearchRequest {
  type: string
  /** Below the base, for the links: `Patient`, `Patient/1/Observation`, or empty for a search over types. */
  path: string
  filters: Filter[]
  sort: SortKey[]
  count: number
  cursor: (string | number)[] | undefined
  total: 'none' | 'accurate'
  isCountOnly: boolean
  summary: Summary
  elements: string[] | undefined
  includes: Include[]
  revIncludes: Include[]
  /** The parameters that were understood, for the self link, without the cursor. */
  used: [string, string][]
  /** The parameters that were not, which only lenient handling leaves aside. */
  ignored: string[]
}
