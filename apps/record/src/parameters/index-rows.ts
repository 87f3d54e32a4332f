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
}

export function noIndexRows(): IndexRows {
  return { tok: [], ref: [], date: [], str: [], num: [], uri: [] }
}
