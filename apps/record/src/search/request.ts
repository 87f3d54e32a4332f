import type { SearchParam } from '../definitions/definitions.ts'

/** One condition of a search, its values joined by "or". */
export type Filter =
  | { kind: 'id'; ids: string[] }
  | { kind: 'updated'; values: string[] }
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

export interface SortKey {
  code: '_id' | '_lastUpdated' | (string & {})
  param: SearchParam | undefined
  isDescending: boolean
}

export interface Include {
  source: string
  code: string
  target: string | undefined
  iterate: boolean
}

export interface SearchRequest {
  type: string
  filters: Filter[]
  sort: SortKey[]
  count: number
  cursor: (string | number)[] | undefined
  total: 'none' | 'accurate'
  isCountOnly: boolean
  elements: string[] | undefined
  includes: Include[]
  revIncludes: Include[]
  /** The parameters that were understood, for the self link, without the cursor. */
  used: [string, string][]
}
