import { isObject, type Json } from '../fhir/json.ts'
import { invalidRequest } from '../fhir/outcome.ts'
import type { SqlValue } from '../store/database.ts'
import { anyOf, unescape, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'

const MAX_LENGTH = 500
const PARTS: Record<string, string[]> = {
  HumanName: ['text', 'family', 'given', 'prefix', 'suffix'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
}

/** Case and accents do not count, in any script. */
export function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_LENGTH)
}

export function indexString(p: number, value: Json, type: string, rows: IndexRows): void {
  if (typeof value === 'string') push(p, value, rows)
  else if (isObject(value)) {
    for (const part of PARTS[type] ?? ['text']) {
      const inner = value[part]
      for (const text of Array.isArray(inner) ? inner : [inner])
        if (typeof text === 'string') push(p, text, rows)
    }
  }
}

function push(p: number, text: string, rows: IndexRows): void {
  const normal = normalise(text)
  if (normal !== '') rows.str.push([p, normal, text.slice(0, MAX_LENGTH)])
}

/** Starts with; `:exact` the same text; `:contains` anywhere inside. */
export function stringCondition(
  p: number,
  code: string,
  values: string[],
  modifier: string | undefined,
): IndexCondition {
  const texts = values.map(unescape)
  if (texts.some((text) => text.length > MAX_LENGTH)) {
    throw invalidRequest(
      `A value of the search parameter "${code}" is longer than ${MAX_LENGTH} characters.`,
      code,
    )
  }
  const build = (alias: string) => anyOf(texts.map((text) => matchText(alias, text, modifier)))
  return {
    table: 'ix_str',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap: true,
    canRepeat: true,
  }
}

function matchText(
  alias: string,
  text: string,
  modifier: string | undefined,
): { sql: string; args: SqlValue[] } {
  const normal = normalise(text)
  if (modifier === 'exact') return { sql: `(${alias}.v = ? AND ${alias}.x = ?)`, args: [normal, text] }
  if (modifier === 'contains') return { sql: `instr(${alias}.v, ?) > 0`, args: [normal] }
  return { sql: `(${alias}.v >= ? AND ${alias}.v < ?)`, args: [normal, `${normal}\u{10FFFF}`] }
}
