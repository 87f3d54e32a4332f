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

const ASCII = /^[\x20-\x7e]*$/

/**
 * What texts are compared by, in any script: no case (letters are equal when any case of them is), no combining
 * characters, no punctuation but that a dash separates words, and one space for any white space.
 */
export function normalise(text: string): string {
  const plain = ASCII.test(text) ? text.toLowerCase() : fold(text)
  const words = spaced(plain.replace(/\p{Pd}/gu, ' ').replace(/\p{P}+/gu, ''))
  return (words === '' ? spaced(plain) : words).slice(0, MAX_LENGTH)
}

/** ß and ẞ are SS, dotless ı is i, final ς is σ; letters that decomposing took apart (Hangul) are put together again. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC')
}

function spaced(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
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
  // One character more than a search may have, so that no search takes the beginning of a long text for the whole.
  rows.str.push([p, normalise(text), text.slice(0, MAX_LENGTH + 1)])
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
