import type { SqlValue } from '../store/database.ts'
import { invalidRequest, type Refusal } from '../fhir/outcome.ts'

export type IndexTable =
  | 'ix_tok'
  | 'ix_ref'
  | 'ix_date'
  | 'ix_str'
  | 'ix_num'
  | 'ix_uri'
  | 'ix_pair'
  | 'ix_text'

export interface SqlPart {
  sql: string
  args: SqlValue[]
}

/** What a filter asks of one index table. `where` speaks of the table by the alias it is given. */
export interface IndexCondition {
  table: IndexTable
  where: (alias: string) => string
  args: SqlValue[]
  /** Can be looked up cheaply for one known resource (an index leads there). */
  isProbeCheap: boolean
  /** One resource can satisfy it by several rows. */
  canRepeat: boolean
}

/** `x.v IN (…)`, short lists as parameters, long ones as one JSON parameter so that the statement stays the same. */
export function inList(column: string, values: SqlValue[]): { sql: string; args: SqlValue[] } {
  if (values.length === 1) return { sql: `${column} = ?`, args: values }
  if (values.length <= 8) return { sql: `${column} IN (${values.map(() => '?').join(',')})`, args: values }
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, args: [JSON.stringify(values)] }
}

export function anyOf(parts: { sql: string; args: SqlValue[] }[]): { sql: string; args: SqlValue[] } {
  const only = parts[0]
  if (parts.length === 1 && only !== undefined) return only
  return { sql: `(${parts.map((part) => part.sql).join(' OR ')})`, args: parts.flatMap((part) => part.args) }
}

export function badValue(code: string, kind: string): Refusal {
  return invalidRequest(`A value of the search parameter "${code}" is not a valid ${kind}.`, code)
}

const PREFIXES = new Set(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'])

export function splitPrefix(value: string): { prefix: string; rest: string } {
  const prefix = value.slice(0, 2)
  return PREFIXES.has(prefix) ? { prefix, rest: value.slice(2) } : { prefix: 'eq', rest: value }
}

/** Splits on a separator that is not escaped, keeping escapes. */
export function splitUnescaped(text: string, separator: string): string[] {
  if (!text.includes('\\')) return text.split(separator)
  const parts: string[] = []
  let current = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === '\\') {
      current += char + text.charAt(i + 1)
      i++
    } else if (char === separator) {
      parts.push(current)
      current = ''
    } else current += char
  }
  parts.push(current)
  return parts
}

export function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\([,|$\\])/g, '$1') : text
}
