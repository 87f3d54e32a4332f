import { isObject, type Json, type JsonObject } from '../fhir/json.ts'
import type { SqlValue } from '../store/database.ts'
import { anyOf, badValue, inList, splitUnescaped, unescape, type IndexCondition } from './condition.ts'
import type { IndexRows } from './index-rows.ts'
import { normalise } from './string.ts'

interface Token {
  system: string | undefined
  code: string | undefined
}

export function indexToken(p: number, value: Json, type: string, rows: IndexRows): void {
  if (type === 'deceased') {
    const patient = value as JsonObject
    const isDeceased = patient['deceasedBoolean'] === true || patient['deceasedDateTime'] !== undefined
    rows.tok.push([p, String(isDeceased), ''])
  } else if (type === 'string') {
    rows.tok.push([p, caseless(String(value)), ''])
  } else if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    rows.tok.push([p, String(value), ''])
  } else if (isObject(value)) {
    if (type === 'CodeableConcept') {
      pushText(p, value['text'], rows)
      for (const coding of codingsOf(value)) pushCoding(p, coding, rows)
    } else if (type === 'Identifier') {
      push(p, value['value'], value['system'], rows)
      if (isObject(value['type'])) pushIdentifierType(p, value, value['type'], rows)
    } else if (type === 'ContactPoint') push(p, value['value'], undefined, rows)
    else pushCoding(p, value, rows)
  }
}

function codingsOf(concept: JsonObject): JsonObject[] {
  const codings = concept['coding']
  return Array.isArray(codings) ? codings.filter(isObject) : []
}

function pushCoding(p: number, coding: JsonObject, rows: IndexRows): void {
  push(p, coding['code'], coding['system'], rows)
  pushText(p, coding['display'], rows)
}

/** For `:text`, and for `:of-type` the value beside each coding of its type. */
function pushIdentifierType(p: number, identifier: JsonObject, type: JsonObject, rows: IndexRows): void {
  pushText(p, type['text'], rows)
  const value = identifier['value']
  if (typeof value !== 'string') return
  for (const { system, code } of codingsOf(type)) {
    if (typeof code === 'string')
      rows.pair.push([p, value, '', code, typeof system === 'string' ? system : '', 0, 0])
  }
}

function pushText(p: number, text: Json | undefined, rows: IndexRows): void {
  const normal = typeof text === 'string' ? normalise(text) : ''
  if (normal !== '') rows.text.push([p, normal])
}

/** Tokens that are codes keep their case; those that are plain text are compared without it. */
export function caseless(text: string): string {
  return text.toLowerCase()
}

function push(p: number, code: Json | undefined, system: Json | undefined, rows: IndexRows): void {
  if (typeof code !== 'string' && typeof system !== 'string') return
  rows.tok.push([p, typeof code === 'string' ? code : '', typeof system === 'string' ? system : ''])
}

/** `code`, `system|code`, `system|` (any code), `|code` (no system). */
export function tokenCondition(p: number, values: string[], isSingle = false): IndexCondition {
  const tokens = values.map(parseToken)
  const codes = tokens.map((token) => token.code)
  const hasOnlyCodes = tokens.every((token) => token.system === undefined)
  const isProbeCheap = codes.every((code) => code !== undefined)
  const build = (alias: string): { sql: string; args: SqlValue[] } => {
    const narrow = isProbeCheap ? inList(`${alias}.v`, codes as string[]) : undefined
    if (hasOnlyCodes && narrow !== undefined) return narrow
    const exact = anyOf(tokens.map((token) => matchToken(token, `${alias}.v`, `${alias}.s`)))
    return narrow === undefined
      ? exact
      : { sql: `${narrow.sql} AND ${exact.sql}`, args: [...narrow.args, ...exact.args] }
  }
  return {
    table: 'ix_tok',
    where: (alias) => `${alias}.p = ? AND ${build(alias).sql}`,
    args: [p, ...build('x').args],
    isProbeCheap,
    canRepeat: !isSingle,
  }
}

/** One token in two columns of an index. */
export function matchToken(
  { system, code }: Token,
  codeColumn: string,
  systemColumn: string,
): { sql: string; args: SqlValue[] } {
  if (code === undefined) return { sql: `${systemColumn} = ?`, args: [system ?? ''] }
  if (system === undefined) return { sql: `${codeColumn} = ?`, args: [code] }
  return { sql: `(${codeColumn} = ? AND ${systemColumn} = ?)`, args: [code, system] }
}

export function parseToken(value: string): Token {
  const [first, second] = splitUnescaped(value, '|').map(unescape)
  if (second === undefined) return { system: undefined, code: first ?? '' }
  return { system: first ?? '', code: second === '' ? undefined : second }
}

/** `:text`: the words that name a code (of the concept, the coding or the identifier's type) start so. */
export function tokenTextCondition(p: number, values: string[]): IndexCondition {
  const texts = values.map((value) => normalise(unescape(value)))
  const known = texts.map(() => '(v >= ? AND v < ?)').join(' OR ')
  return {
    table: 'ix_text',
    where: (alias) => `${alias}.t IN (SELECT id FROM txt WHERE ${known}) AND ${alias}.p = ?`,
    args: [...texts.flatMap((text) => [text, `${text}\u{10FFFF}`]), p],
    isProbeCheap: true,
    canRepeat: true,
  }
}

/** `:of-type`: `system|code|value`, an identifier's value together with its type. */
export function identifierOfTypeCondition(p: number, code: string, values: string[]): IndexCondition {
  const parsed = values.map((value) => splitUnescaped(value, '|').map(unescape))
  if (parsed.some((parts) => parts.length !== 3 || parts[2] === ''))
    throw badValue(code, 'identifier with its type (system|code|value)')
  const where = (alias: string) =>
    parsed.map(() => `(${alias}.v = ? AND ${alias}.z = ? AND ${alias}.w = ?)`).join(' OR ')
  const found = inList(
    'v',
    parsed.map(([, , value = '']) => value),
  )
  return {
    table: 'ix_pair',
    where: (alias) => `${alias}.p = ? AND ${alias}.${found.sql} AND (${where(alias)})`,
    args: [
      p,
      ...found.args,
      ...parsed.flatMap(([system = '', type = '', value = '']) => [value, system, type]),
    ],
    isProbeCheap: true,
    canRepeat: true,
  }
}
