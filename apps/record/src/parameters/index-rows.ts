/** The index rows of one resource, still without its key: one list per index table, values in column order. */
export interface IndexRows {
  /** p, v, s */
  tok: [number, string, string][]
  /** p, i, t */
  ref: [number, string, string][]
  /** p, lo, hi */
  date: [number, number, number][]
  /** p, v, x */
  str: [number, string, string][]
  /** p, lo, hi, s, c */
  num: [number, number, number, string, string][]
  /** p, v */
  uri: [number, string][]
  /** p, v, s, w, z, lo, hi: values of one element together */
  pair: PairRow[]
  /** p and a text that names a code */
  text: [number, string][]
}

export type PairRow = [number, string, string, string, string, number, number]

export function noIndexRows(): IndexRows {
  return { tok: [], ref: [], date: [], str: [], num: [], uri: [], pair: [], text: [] }
}
